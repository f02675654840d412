//! An HTML mail: laid out within its width, in a bearable time (`-timeout=1`), without harm.
#![no_main]

use caseload::model::Mail;
use caseload_fuzz::{laid_out, message};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let mail = Mail { html_body: Some(input.1.into()), subject: "html".into(), ..Mail::default() };
    laid_out(message("", Some(mail)), input.0);
});
