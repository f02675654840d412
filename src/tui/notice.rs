//! Being noticed by an agent who looks elsewhere: the bell, the desktop messages of terminals, and a program of the agent's.
//! Only words that were made harmless come here.

use super::helper;
use crossterm::style::Print;
use std::io;
use std::process::Stdio;

/// How.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    pub bell: bool,
    pub osc9: bool,
    pub osc777: bool,
    /// A program and its arguments; the words are its last one.
    pub command: Vec<String>,
}

/// Says it in every way that is wanted.
pub fn notify(ways: &Ways, text: &str) -> io::Result<()> {
    crossterm::execute!(io::stdout(), Print(bytes(ways, text)))?;
    if ways.command.is_empty() {
        return Ok(());
    }
    let mut command = ways.command.clone();
    command.push(text.to_owned());
    // Nobody waits for it but the one who takes note that it ended.
    let mut child = helper::start(&command, Stdio::null())?;
    helper::beside(move || drop(child.wait()));
    Ok(())
}

/// What the terminal gets. A semicolon would end a part of the message.
fn bytes(ways: &Ways, text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).map(|c| if c == ';' { ',' } else { c }).collect();
    let osc9 = ways.osc9.then(|| format!("\x1b]9;{text}\x1b\\"));
    let osc777 = ways.osc777.then(|| format!("\x1b]777;notify;caseload;{text}\x1b\\"));
    let bell = ways.bell.then(|| "\x07".to_owned());
    [osc9, osc777, bell].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::{Ways, bytes};

    #[test]
    fn only_our_own_control_functions_go_out() {
        let all = Ways { bell: true, osc9: true, osc777: true, ..Ways::default() };
        assert_eq!(bytes(&all, "#7 M\x1b]0;x\x07ina wrote"), "\x1b]9;#7 M]0,xina wrote\x1b\\\x1b]777;notify;caseload;#7 M]0,xina wrote\x1b\\\x07");
        assert_eq!(bytes(&Ways::default(), "#7 Mina wrote"), "");
    }
}
