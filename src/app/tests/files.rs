//! What is attached: picked, sent to a folder, and fetched from a stranger only after a yes.

use super::*;
use crate::app::files::{Saved, Saving};
use crate::app::prompt::PromptKind;
use crate::model::{Attachment, Bytes, Conversation, Mail, MessageKind};
use serde_json::{Value, json};

/// A thread whose mails carry these files, open in the reader.
fn reading(mails: &[Value]) -> State {
    let mut state = desk();
    state.settings.origin = Some("https://acme.example.com".to_owned());
    state.settings.downloads = "/home/ola/Downloads".to_owned();
    state.settings.home = "/home/ola".to_owned();
    let mail = |(at, files): (usize, &Value)| Message {
        id: MessageId(i64::try_from(at).unwrap() + 1),
        case_id: CaseId(1),
        sender_type: SenderType::Contact,
        kind: MessageKind::Message,
        message: "see there".into(),
        date_created: Some(super::at(i64::try_from(at).unwrap() * 1_000)),
        mail: Some(Box::new(Mail { attachments: files.as_array().unwrap().clone(), ..Mail::default() })),
        ..Message::default()
    };
    let messages = mails.iter().enumerate().map(mail).collect();
    let conversation = Conversation { thread: ThreadId(1), messages, fetched: Some(at(0)), ..Conversation::default() };
    press(&mut state, 1, "Enter");
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
    update(&mut state, at(1), Event::Drained);
    state
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

fn asks(state: &State) -> PromptKind {
    state.prompt.as_ref().unwrap().kind
}

#[test]
fn one_file_goes_where_the_agent_says() {
    let mut state = reading(&[json!([{"Name": "old.pdf", "url": "/1"}]), json!([{"Name": "a.pdf", "url": "/2"}]), json!([])]);
    press(&mut state, 2, "s");
    assert_eq!((asks(&state), state.prompt.as_ref().unwrap().text.as_str()), (PromptKind::Folder, "~/Downloads"));
    press(&mut state, 2, "/ c a s e s");
    let effects = press(&mut state, 2, "Enter");
    let file = Attachment { name: "a.pdf".into(), from: Bytes::Url("/2".into()), ..Attachment::default() };
    let saving = Saving { folder: "/home/ola/Downloads/cases".into(), files: vec![file], hosts: Vec::new() };
    assert_eq!(effects, [Effect::Save(saving)]);
    assert_eq!((state.focus, notice(&state)), (Focus::Reader, "saving 1 file to ~/Downloads/cases…"));
    update(&mut state, at(3), Event::SaveAdvanced { name: "a.pdf".into(), done: 1_200_000, whole: Some(3_000_000) });
    assert_eq!(notice(&state), "saving a.pdf: 1.2 MB of 3.0 MB");
    let saved = Saved { folder: "/home/ola/Downloads/cases".into(), names: vec!["a (2).pdf".into()], ..Saved::default() };
    update(&mut state, at(4), Event::Saved(saved));
    assert_eq!(notice(&state), "saved a (2).pdf to ~/Downloads/cases");
    // The folder is remembered, the chosen message decides, and an empty answer is none.
    press(&mut state, 5, "K K K s");
    assert_eq!(state.prompt.as_ref().unwrap().text.as_str(), "~/Downloads/cases");
    assert_eq!(state.table.wanted[0].name.raw(), "old.pdf");
    let effects = press(&mut state, 5, "^u Enter");
    assert!(effects.is_empty() && state.prompt.as_ref().unwrap().error.is_some());
}

#[test]
fn of_several_files_one_or_all_are_picked() {
    let files = json!([{"Name": "a", "url": "/1"}, {"Name": "b", "url": "/2"}, {"Name": "c", "Content": "eA=="}]);
    for (keys, wanted) in [("s 2 Enter", vec!["b"]), ("s Enter Enter", vec!["a"]), ("s a Enter", vec!["a", "b", "c"]), ("s * Enter", vec!["a", "b", "c"])] {
        let mut state = reading(std::slice::from_ref(&files));
        let effects = press(&mut state, 2, keys);
        let [Effect::Save(saving)] = effects.as_slice() else { panic!("{keys}: {effects:?}") };
        assert_eq!(saving.files.iter().map(|file| file.name.raw()).collect::<Vec<_>>(), wanted, "{keys}");
    }
    let mut state = reading(std::slice::from_ref(&files));
    press(&mut state, 2, "s x q");
    assert_eq!((asks(&state), state.prompt.as_ref().unwrap().text.as_str()), (PromptKind::Files, ""), "letters mean nothing there");
    press(&mut state, 2, "Esc");
    assert_eq!(state.focus, Focus::Reader);
}

#[test]
fn a_stranger_is_asked_about_first() {
    let mut state = reading(&[json!([{"Name": "a", "url": "https://files.example/a"}, {"Name": "b", "url": "https://acme.example.com/b"}])]);
    let effects = press(&mut state, 2, "s a Enter");
    assert!(effects.is_empty());
    assert_eq!(asks(&state), PromptKind::Stranger);
    assert!(state.prompt.as_ref().unwrap().choices[1].contains("files.example, without your API key"));
    assert!(press(&mut state, 2, "Enter").is_empty(), "no is lit first");
    assert_eq!(notice(&state), "not fetched");
    let effects = press(&mut state, 3, "s a Enter 2");
    let [Effect::Save(saving)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((saving.files.len(), saving.hosts.as_slice()), (2, &["files.example".to_owned()][..]));
    // A yes is for this time.
    press(&mut state, 4, "s 1 Enter");
    assert_eq!(asks(&state), PromptKind::Stranger);
}

#[test]
fn a_file_that_the_server_keeps_elsewhere_is_asked_for_there() {
    let mut state = reading(&[json!([{"Name": "a", "url": "/1"}])]);
    press(&mut state, 2, "s Enter");
    let file = Attachment { name: "a".into(), from: Bytes::Url("/1".into()), ..Attachment::default() };
    let elsewhere = vec![(file, "https://files.example/x?sign=1".to_owned())];
    update(&mut state, at(3), Event::Saved(Saved { folder: "/home/ola/Downloads".into(), elsewhere, ..Saved::default() }));
    assert_eq!(notice(&state), "a is kept at files.example: s again asks whether to fetch it there");
    let effects = press(&mut state, 4, "s Enter 2");
    let [Effect::Save(saving)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(saving.files[0].from, Bytes::Url("https://files.example/x?sign=1".into()));
}

#[test]
fn what_is_not_there_is_said() {
    let mut state = reading(&[json!([])]);
    press(&mut state, 2, "s");
    assert_eq!(notice(&state), "nothing is attached in this thread");
    let mut state = reading(&[json!([{"Name": "../a.pdf"}])]);
    press(&mut state, 2, "s");
    assert_eq!(notice(&state), "the server names a.pdf and does not say where it is");
    let failed = vec![("a.pdf".to_owned(), "the server does not have it".to_owned())];
    update(&mut state, at(3), Event::Saved(Saved { folder: "/tmp".into(), names: vec!["b".into(), "c".into()], failed, ..Saved::default() }));
    assert_eq!(notice(&state), "saved 2 files to /tmp · a.pdf: the server does not have it");
}
