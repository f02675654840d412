//! What can be typed, and what it means.

use super::{Args, Command};
use clap::{CommandFactory, Parser};

#[test]
fn the_definition_holds() {
    Args::command().debug_assert();
}

#[test]
fn a_text_may_begin_with_a_dash_and_flags_stand_anywhere() {
    for (text, line) in [("-hello", "reply #12 --text -hello --json"), ("--json", "reply 12 --text --json"), ("-", "--json reply 12 --text=-")] {
        let args = Args::try_parse_from(["caseload"].into_iter().chain(line.split(' '))).unwrap();
        let Some(Command::Reply(super::Reply { write, .. })) = args.command else { panic!("{line}") };
        assert_eq!((write.id.0, write.text.text.as_deref()), (12, Some(text)), "{line}");
    }
    for line in ["reply", "reply x", "show 1 2", "outbox resolve 1 sent", "snooze 1", "assign 1", "list --key k", "nonsense", "serve --listen here"] {
        let error = Args::try_parse_from(["caseload"].into_iter().chain(line.split(' '))).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
    }
}
