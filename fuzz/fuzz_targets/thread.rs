//! What customers write: light markup in a chat, quotes and signatures in a mail, and every other text a message has.
#![no_main]

use caseload::model::{Mail, MailAddress};
use caseload_fuzz::{laid_out, message};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, bool, &str)| {
    let (width, mailed, text) = input;
    let address = || MailAddress { name: text.into(), email: text.into(), ..MailAddress::default() };
    let mail = || Mail { from: address(), to: vec![address()], subject: text.into(), text_body: Some(text.into()), attachments: vec![text.into()], ..Mail::default() };
    laid_out(message(text, mailed.then(mail)), width);
});
