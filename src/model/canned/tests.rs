//! Files as agents write them: right, nearly right, and wrong.

use super::template::{Piece, pieces, unfilled};
use super::{Canned, Channel};

fn parsed(text: &str) -> Result<Canned, String> {
    Canned::parse("thanks", text).map_err(|flaw| format!("{}: {} | {}", flaw.line.unwrap_or(0), flaw.what, flaw.hint))
}

#[test]
fn a_file_is_a_head_and_a_text() {
    let whole = "\u{feff}---\r\nname: \"Parcel: late\"\r\n# for the morning\r\nkey: 3\r\nchannel: Email\r\nstate: late\r\nnext: no\r\n---\r\n\r\nHi {{contact.first|there}},\r\n\r\nit comes.\r\n\r\n";
    let wanted = Canned {
        name: "Parcel: late".into(),
        key: Some(3),
        channel: Some(Channel::Email),
        state: Some("late".into()),
        next: Some(false),
        text: "Hi {{contact.first|there}},\n\nit comes.".into(),
        ..Canned::default()
    };
    assert_eq!(parsed(whole), Ok(wanted));
    let bare = parsed("Just this.\n").unwrap();
    assert_eq!((bare.name.as_str(), bare.text.as_str(), bare.goes_on(), bare.deeds().as_str()), ("thanks", "Just this.", false, "replies"));
    let spam = parsed("---\nstate: spam\n---\n").unwrap();
    assert_eq!((spam.speaks(), spam.deeds().as_str()), (false, "closes as spam, next"));
    let later = parsed("---\nnote: yes\nsnooze: tomorrow 9\n---\nasked the courier").unwrap();
    assert_eq!(later.deeds(), "notes, snoozes until tomorrow 9, next");
    assert!(later.fits(None) && later.fits(Some(&Channel::Voip)));
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_the_way_out() {
    for (text, wanted) in [
        ("---\nname: x\nhello", "1: the head has no end | put a line of --- below it"),
        ("---\nkey 1\n---\nx", "2: 'key 1' is no key: value | name: Thanks"),
        ("---\nname: x\nkey: 0\n---\nx", "3: the key must be a digit from 1 to 9 | key: 1"),
        ("---\nkey: a\n---\nx", "2: the key must be a digit from 1 to 9 | key: 1"),
        ("---\nkey: 1\nkey: 2\n---\nx", "3: key is said twice | keep one of them"),
        ("---\nchannel: pigeon\n---\nx", "2: no channel is called 'pigeon' | there are chat, email and voip"),
        ("---\nnext: maybe\n---\nx", "2: next must be true or false | next: true"),
        ("---\nstate: a\nsnooze: 2h\n---\nx", "3: a closed case can't be snoozed | keep either state or snooze"),
        ("---\nstate:\n---\nx", "2: state is empty | state: handled, or leave it away to keep the case open"),
        ("---\nname: x\n---\n", "4: there is neither a text nor a state nor a snooze | write the text below the head"),
        ("---\nname: x\n---\n\nHi\n{{contact.name", "6: a {{ has no end | close it with }} on the same line; \\{{ stays as it is"),
    ] {
        assert_eq!(parsed(text), Err(wanted.to_owned()), "{text}");
    }
    assert!(parsed("---\nsnooze: soon\n---\nx").unwrap_err().starts_with("2: 'soon' is not a time"));
    assert!(parsed("---\ntags: a\n---\nx").unwrap_err().starts_with("2: nothing is called 'tags' in a head | there are name, key"));
    assert!(parsed("Hi\n{{contact.name}}\n{{contcat.name}}").unwrap_err().starts_with("3: no variable is called 'contcat.name'"));
    assert!(parsed("---\nname:\n---\nx").is_err() && parsed(&format!("---\nname: {}\n---\nx", "x".repeat(61))).is_err());
}

#[test]
fn variables_are_found_and_braces_can_stay() {
    let text = "Hi {{ contact.first | there }}, \\{{x}} {{product.title}} {{ \n}} {{date}}";
    let found: Vec<_> = pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Braces => "BRACES".to_owned(),
            Piece::Variable(variable) => format!("<{}:{:?}>", variable.name, variable.default),
        })
        .collect();
    assert_eq!(found, ["Hi ", "<contact.first:Some(\"there\")>", ", ", "BRACES", "x}} ", "<product.title:None>", " {{ \n}} ", "<date:None>"]);
    let open: Vec<_> = unfilled(text).map(|variable| (variable.name, variable.whole, &text[variable.at..variable.at + 2])).collect();
    assert_eq!(open, [("contact.first", "{{ contact.first | there }}", "{{"), ("date", "{{date}}", "{{")]);
    for odd in ["", "{{", "{{}}", "{{{{date}}", "}}", "\\{{", "{{|}}", "é{{é}}é", "{{contact.}}", "{{{date}}}"] {
        let _whole = pieces(odd);
    }
    assert_eq!(unfilled("{{{{date}} {{contact.}} {{}}").count(), 1);
}
