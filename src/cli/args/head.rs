//! What stands above a mail, as flags. What is not given is as a mail client has it: to who wrote last, copies to the others
//! of that mail, the subject of the thread.

use clap::Args as Group;

#[derive(Debug, Clone, Default, Group)]
pub struct Head {
    /// By mail: whom it goes to, instead of who wrote last; repeat it, or commas
    #[arg(long, value_name = "ADDRESS")]
    pub to: Vec<String>,
    /// By mail: who gets a copy, instead of the others of the last mail
    #[arg(long, value_name = "ADDRESS")]
    pub cc: Vec<String>,
    /// By mail: who gets a copy unseen by the others
    #[arg(long, value_name = "ADDRESS")]
    pub bcc: Vec<String>,
    /// By mail: the subject, instead of "Re: " and the last one
    #[arg(long, allow_hyphen_values = true)]
    pub subject: Option<String>,
}

impl Head {
    pub fn says_something(&self) -> bool {
        !self.first().is_empty()
    }

    /// The first flag that was given.
    pub fn first(&self) -> &'static str {
        match self {
            head if !head.to.is_empty() => "--to",
            head if !head.cc.is_empty() => "--cc",
            head if !head.bcc.is_empty() => "--bcc",
            head if head.subject.is_some() => "--subject",
            _ => "",
        }
    }
}
