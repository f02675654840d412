//! What is carried out of a thread: the pickers of files and links, where files go, and where a link leads.

use super::screen;
use super::world::{lay_out, now, reading};
use caseload::app::{Event, State, update};
use insta::assert_snapshot;
use serde_json::json;
use tui_textarea::{Input, Key};

/// The mail of the thread, with these files and words, chosen; after these keys.
fn carrying(width: u16, height: u16, files: &serde_json::Value, html: &str, keys: &str) -> State {
    let mut state = reading(width, height);
    "/home/ola/Downloads".clone_into(&mut state.settings.downloads);
    "/home/ola".clone_into(&mut state.settings.home);
    state.settings.origin = Some("https://acme.example.com".to_owned());
    state.settings.opener = Some(vec!["xdg-open".to_owned()]);
    let reader = state.reader.as_mut().unwrap();
    let at = reader.conversation.messages.iter().position(|message| message.mail.is_some()).unwrap();
    let mail = reader.conversation.messages[at].mail.as_mut().unwrap();
    mail.attachments.clone_from(files.as_array().unwrap());
    mail.html_body = Some(html.into());
    lay_out(&mut state);
    state.reader.as_mut().unwrap().message = Some(at);
    for key in keys.chars() {
        let key = if key == '\n' { Key::Enter } else { Key::Char(key) };
        update(&mut state, now(), Event::Pressed(Input { key, ..Input::default() }));
        update(&mut state, now(), Event::Drained);
    }
    state
}

fn files() -> serde_json::Value {
    json!([
        {"Name": "IMG_2210.jpg", "ContentType": "image/jpeg", "ContentLength": 1_250_000, "url": "/files/1"},
        {"Name": "../../\u{202e}fdp.exe", "ContentType": "application/pdf", "ContentLength": 48_211, "url": "https://files.example/2"},
        {"Name": "荷物の写真.png", "ContentLength": 900, "Content": "eA=="},
    ])
}

const LINKS: &str = "<p>Your parcel: <a href=\"https://track.example/881?from=mail&amp;lang=en\">the page</a>, \
    <a href=\"https://evil-bank.example/login\">https://bank.example</a>, <a href=\"mailto:mina@example.com\">me</a>, \
    <a href=\"javascript:alert(1)\">a trick</a> and <a href=\"https://p\u{430}ypal.example/signin?token=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\">pay</a></p>";

#[test]
fn which_files() {
    assert_snapshot!("files_120", screen(&carrying(120, 40, &files(), "<p>see there</p>", "s")));
    assert_snapshot!("files_80", screen(&carrying(80, 24, &files(), "<p>see there</p>", "s")));
    assert_snapshot!("files_40", screen(&carrying(40, 12, &files(), "<p>see there</p>", "s")));
}

#[test]
fn where_to_and_from_whom() {
    assert_snapshot!("folder_80", screen(&carrying(80, 24, &files(), "<p>see there</p>", "s1")));
    assert_snapshot!("stranger_80", screen(&carrying(80, 24, &files(), "<p>see there</p>", "sa\n")));
    assert_snapshot!("stranger_40", screen(&carrying(40, 12, &files(), "<p>see there</p>", "sa\n")));
}

#[test]
fn which_link() {
    assert_snapshot!("links_120", screen(&carrying(120, 40, &json!([]), LINKS, "gl")));
    assert_snapshot!("links_40", screen(&carrying(40, 12, &json!([]), LINKS, "gl")));
}

#[test]
fn where_a_link_leads() {
    assert_snapshot!("lead_120", screen(&carrying(120, 40, &json!([]), LINKS, "gl5")));
    assert_snapshot!("lead_lies_80", screen(&carrying(80, 24, &json!([]), LINKS, "gl2")));
    assert_snapshot!("lead_refused_40", screen(&carrying(40, 12, &json!([]), LINKS, "gl4")));
    let mut far = carrying(40, 12, &json!([]), LINKS, "gl5");
    far.settings.opener = None;
    assert_snapshot!("lead_40", screen(&far));
}

#[test]
fn any_size_can_be_painted() {
    for (width, height) in [(1, 1), (2, 3), (10, 4), (20, 8), (69, 13), (300, 80)] {
        for keys in ["s", "s1", "sa\n", "gl", "gl5"] {
            let painted = screen(&carrying(width, height, &files(), LINKS, keys));
            assert!(!painted.contains(['\u{1b}', '\u{202e}', '\u{430}']), "{width}x{height} {keys}");
        }
    }
}
