//! The composer as a mail client: whom a mail goes to, what is quoted in it, and whom a note names.

use super::*;
use crate::app::compose::Compose;
use crate::model::{Case, Channel, Contact, ContactId, Conversation, Draft, DraftKind, Head, Mail, MailAddress, MessageKind, Person};
use serde_json::json;

fn one(name: &str, email: &str, hash: &str) -> MailAddress {
    MailAddress { name: name.into(), email: email.into(), mailbox_hash: hash.into() }
}

fn mail(id: i64, from: MailAddress, cc: Vec<MailAddress>) -> Message {
    let mail = Mail {
        from,
        to: vec![one("Help", "help@shop.example", "7")],
        cc,
        subject: "Re: invoice".into(),
        text_body: Some("where is it?".into()),
        ..Mail::default()
    };
    let mail = Some(Box::new(mail));
    Message { id: MessageId(id), case_id: CaseId(1), sender_type: SenderType::Contact, date_created: Some(at(-60)), mail, ..Message::default() }
}

fn thread(channel: Channel, messages: Vec<Message>) -> Conversation {
    let fields = json!({"name": "Ola Nordmann", "email": "ola@home.example"}).as_object().cloned().unwrap();
    let contact = Some(Contact { id: ContactId(9), fields, ..Contact::default() });
    let case = Case { id: CaseId(1), thread_id: ThreadId(1), channel, status: Status::Active, contact, ..Case::default() };
    Conversation { thread: ThreadId(1), cases: vec![case], messages, fetched: Some(at(0)), ..Conversation::default() }
}

fn loaded(state: &mut State, conversation: Conversation) {
    update(state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
}

/// A thread of one mail from Ola, with a copy to Kari and Per, open for an answer.
fn answering() -> State {
    let mut state = desk();
    press(&mut state, 1, "r");
    let cc = vec![one("Kari Nordmann", "kari@home.example", ""), one("", "per@home.example", "")];
    loaded(&mut state, thread(Channel::Email, vec![mail(5, one("Ola Nordmann", "ola@home.example", ""), cc)]));
    state
}

fn typed(state: &mut State, text: &str) -> Vec<Effect> {
    let event = |c| Event::Pressed(Input { key: if c == '\n' { Key::Enter } else { Key::Char(c) }, ctrl: false, alt: false, shift: false });
    text.chars().flat_map(|c| update(state, at(1), event(c))).collect()
}

fn key(state: &mut State, key: Key, shift: bool) -> Vec<Effect> {
    update(state, at(1), Event::Pressed(Input { key, ctrl: false, alt: false, shift }))
}

fn compose(state: &State) -> &Compose {
    state.compose.as_ref().unwrap()
}

fn list(list: &[&str]) -> Vec<String> {
    list.iter().map(|one| (*one).to_owned()).collect()
}

fn usual() -> Head {
    Head { to: list(&["ola@home.example"]), cc: list(&["kari@home.example", "per@home.example"]), bcc: vec![], subject: "Re: invoice".into() }
}

/// The head of the reply that was queued.
fn queued(effects: &[Effect]) -> Head {
    let ops = effects.iter().find_map(|effect| if let Effect::Queue(ops) = effect { Some(ops) } else { None }).unwrap();
    ops.iter().find_map(|op| op.mutation.head()).unwrap().clone()
}

fn draft(effects: &[Effect]) -> Option<Draft> {
    effects.iter().rev().find_map(|effect| if let Effect::SaveDraft(draft) = effect { Some(draft.clone()) } else { None })
}

fn offered(state: &State) -> Vec<&str> {
    compose(state).offer.as_ref().map_or_else(Vec::new, |offer| offer.rows.iter().map(|row| row.text.as_str()).collect())
}

#[test]
fn a_mail_goes_to_who_wrote_last_with_copies_to_the_others_and_says_so_before() {
    let mut state = answering();
    assert_eq!(compose(&state).letter(), Some(&usual()));
    typed(&mut state, "soon");
    let saved = update(&mut state, at(3), Event::Woke);
    assert_eq!(draft(&saved).unwrap().head, None, "what nobody said follows the thread");
    assert_eq!(queued(&press(&mut state, 4, "^s")), usual());
}

#[test]
fn what_is_usual_follows_the_thread_and_what_the_agent_said_stays() {
    let mut state = answering();
    let per = || mail(6, one("Per", "per@home.example", ""), vec![]);
    loaded(&mut state, thread(Channel::Email, vec![per()]));
    assert_eq!(compose(&state).letter().unwrap().to, ["per@home.example"]);
    press(&mut state, 1, "^x m Tab");
    typed(&mut state, "x@y.example\n");
    loaded(&mut state, thread(Channel::Email, vec![mail(7, one("", "ola@home.example", ""), vec![])]));
    let said = compose(&state).letter().unwrap();
    assert_eq!((&said.to, &said.cc), (&list(&["per@home.example"]), &list(&["x@y.example"])));
}

#[test]
fn the_head_is_written_field_by_field_saved_with_the_draft_and_sent_as_it_was_typed() {
    let mut state = answering();
    typed(&mut state, "soon");
    press(&mut state, 1, "^x m ^u");
    typed(&mut state, "Boss <boss@home.example>; ola@home.example");
    key(&mut state, Key::Down, false);
    press(&mut state, 1, "^u");
    key(&mut state, Key::Tab, false);
    typed(&mut state, "audit@shop.example");
    key(&mut state, Key::Tab, false);
    press(&mut state, 1, "^u");
    typed(&mut state, "Your invoice");
    key(&mut state, Key::Up, false);
    key(&mut state, Key::Tab, true);
    assert_eq!(compose(&state).fields.as_ref().unwrap().at, 1);
    let saved = update(&mut state, at(5), Event::Woke);
    let kept = draft(&saved).unwrap();
    assert_eq!((kept.text.as_str(), kept.head.as_ref().unwrap().to[0].as_str()), ("soon", "Boss <boss@home.example>"));
    press(&mut state, 5, "Enter");
    typed(&mut state, "er");
    assert_eq!(compose(&state).text(), "sooner");
    let sent = press(&mut state, 6, "^s");
    let wanted = Head { to: list(&["boss@home.example", "ola@home.example"]), cc: vec![], bcc: list(&["audit@shop.example"]), subject: "Your invoice".into() };
    assert_eq!(queued(&sent), wanted);
    // What comes back from the disk stands where it stood.
    let mut later = answering();
    update(&mut later, at(7), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: Some(kept.clone()) })));
    assert_eq!(compose(&later).letter(), kept.head.as_deref());
    let only_head = Draft { text: String::new(), ..kept.clone() };
    let mut later = answering();
    update(&mut later, at(7), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: Some(only_head) })));
    assert_eq!(compose(&later).letter(), kept.head.as_deref());
}

#[test]
fn receivers_said_before_the_first_word_are_kept_and_as_they_were_is_nothing_said() {
    let mut state = answering();
    press(&mut state, 1, "^x m Tab Tab");
    typed(&mut state, "a@b.example");
    let left = press(&mut state, 2, "Esc Esc");
    assert_eq!(draft(&left).unwrap().head.unwrap().bcc, ["a@b.example"]);
    let mut state = answering();
    press(&mut state, 1, "^x m x ^h Enter");
    assert_eq!(compose(&state).head, None);
}

#[test]
fn an_address_that_is_none_is_refused_in_words_where_it_stands_and_not_lost() {
    let mut state = answering();
    typed(&mut state, "soon");
    press(&mut state, 1, "^x m Tab End");
    typed(&mut state, ", kar i\n");
    let effects = press(&mut state, 2, "^s");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Queue(_))));
    assert_eq!(state.notice.as_ref().unwrap().text, "not sent: \"kar i\" in cc is no mail address");
    let fields = compose(&state).fields.as_ref().unwrap();
    assert_eq!((fields.at, fields.lines[1].lines()), (1, &["kari@home.example, per@home.example, kar i".to_owned()][..]));
    press(&mut state, 3, "^w ^w ^h ^h");
    assert_eq!(queued(&press(&mut state, 3, "^s")).cc, usual().cc, "from within the head");
}

#[test]
fn addresses_are_completed_from_the_people_of_the_thread() {
    let mut state = answering();
    press(&mut state, 1, "^x m Tab ^u k");
    assert_eq!(offered(&state), ["kari@home.example"]);
    press(&mut state, 1, "Tab");
    typed(&mut state, ", p");
    assert_eq!(offered(&state), ["per@home.example"]);
    press(&mut state, 1, "Esc e");
    assert!(offered(&state).is_empty(), "waved away for this word");
    typed(&mut state, ", nord");
    assert_eq!(offered(&state), ["kari@home.example", "ola@home.example"]);
    key(&mut state, Key::Down, false);
    press(&mut state, 1, "Enter Enter");
    assert_eq!(compose(&state).letter().unwrap().cc, ["kari@home.example", "pe", "ola@home.example"]);
    assert!(compose(&state).fields.is_none());
}

#[test]
fn a_paste_in_the_head_stays_on_its_line() {
    let mut state = answering();
    press(&mut state, 1, "^x m Tab ^u");
    update(&mut state, at(1), Event::Pasted("a@b.example\r\nc@d.example\n\u{1b}".into()));
    press(&mut state, 1, "Tab Tab");
    update(&mut state, at(1), Event::Pasted(" again\nand again".into()));
    let head = compose(&state).letter().unwrap();
    assert_eq!((head.cc.join(" "), head.subject.as_str()), ("a@b.example c@d.example".to_owned(), "Re: invoiceagain and again"));
}

#[test]
fn only_a_mail_has_a_head() {
    let mut state = answering();
    press(&mut state, 1, "^t ^x m");
    assert!(compose(&state).fields.is_none() && state.notice.as_ref().unwrap().text.contains("a note has no receivers"));
    assert_eq!(compose(&state).letter(), None);
    let mut state = desk();
    press(&mut state, 1, "r");
    loaded(&mut state, thread(Channel::Chat, vec![]));
    press(&mut state, 1, "^x m");
    assert!(state.notice.as_ref().unwrap().text.contains("only a mail has receivers"));
    typed(&mut state, "hi");
    let effects = press(&mut state, 2, "^s");
    let ops = effects.iter().find_map(|effect| if let Effect::Queue(ops) = effect { Some(ops) } else { None }).unwrap();
    assert_eq!(ops[0].mutation.change, Change::reply("hi"));
}

#[test]
fn what_comes_back_from_the_outbox_has_its_head() {
    let mut state = answering();
    typed(&mut state, "soon");
    press(&mut state, 1, "^x m Tab Tab");
    typed(&mut state, "a@b.example");
    press(&mut state, 2, "^s");
    let head = state.outbox.ops[0].mutation.head().cloned();
    press(&mut state, 3, "g x e");
    assert_eq!((compose(&state).text().as_str(), compose(&state).letter()), ("soon", head.as_ref()));
}

#[test]
fn the_customers_newest_words_are_quoted_as_one_step() {
    let mut state = answering();
    typed(&mut state, "hello");
    press(&mut state, 1, "^a ^x q");
    assert_eq!(compose(&state).text(), "hello\n\nOla Nordmann, 08:59:\n> where is it?\n\n");
    let cursor = compose(&state).area.cursor();
    assert_eq!((cursor.0, cursor.1), (5, 0));
    typed(&mut state, "here");
    press(&mut state, 1, "^_ ^_");
    assert_eq!(compose(&state).text(), "hello");
    press(&mut state, 1, "^r");
    assert_eq!(compose(&state).text(), "hello\n\nOla Nordmann, 08:59:\n> where is it?\n\n");
}

#[test]
fn the_chosen_message_is_quoted_and_a_note_never_to_the_customer() {
    let said = |id: i64, kind: MessageKind, text: &str| {
        let sender = Some(Person { id: 18, name: "Ada".into(), ..Person::default() });
        Message { id: MessageId(id), case_id: CaseId(1), kind, message: text.into(), sender, date_created: Some(at(id)), ..Message::default() }
    };
    let messages = vec![said(1, MessageKind::Message, "it left"), said(2, MessageKind::Note, "between us"), said(3, MessageKind::Event, "joined")];
    for (message, keys, wanted) in
        [(0, "r ^x q", "Ada, 09:00:\n> it left\n\n"), (1, "r ^x q", ""), (1, "i ^x q", "Ada, 09:00:\n> between us\n\n"), (2, "i ^x q", "")]
    {
        let mut state = desk();
        press(&mut state, 1, "Enter");
        loaded(&mut state, thread(Channel::Chat, messages.clone()));
        state.reader.as_mut().unwrap().message = Some(message);
        press(&mut state, 2, keys);
        assert_eq!(compose(&state).text(), wanted, "{keys}");
        assert_eq!(state.notice.is_some(), wanted.is_empty(), "why not is said");
    }
}

#[test]
fn what_is_quoted_is_nobodys_own_word_and_no_gap() {
    let mut state = answering();
    let mut asked = mail(5, one("Ola Nordmann", "ola@home.example", ""), vec![]);
    asked.mail.as_mut().unwrap().text_body = Some("see the attached {{form}}".into());
    loaded(&mut state, thread(Channel::Email, vec![asked]));
    press(&mut state, 1, "^x q");
    typed(&mut state, "thanks");
    assert!(press(&mut state, 2, "^s").iter().any(|effect| matches!(effect, Effect::Queue(_))));
    let mut state = answering();
    press(&mut state, 1, "^x q");
    typed(&mut state, "note: she is angry");
    press(&mut state, 2, "^s");
    assert!(state.notice.as_ref().unwrap().text.contains("like a note for colleagues"), "below the quote as well");
}

/// The desk with colleagues, a note begun.
fn noting() -> State {
    let mut state = desk();
    let agent = |id: i64, name: &str| Person { id, name: name.into(), email: Some(format!("{id}@shop.example").into()), ..Person::default() };
    let names = ["Ola", "Ada Lovelace", "Åse Berg", "Adam", "Adil", "Adina", "Adonis", "Adrian", "Bo Adler"];
    state.agents = (17..).zip(names).map(|(id, name)| agent(id, name)).collect();
    press(&mut state, 1, "i");
    state
}

#[test]
fn colleagues_are_offered_behind_an_at_and_put_in_as_text() {
    let mut state = noting();
    typed(&mut state, "ask @");
    assert_eq!(offered(&state).len(), 6);
    typed(&mut state, "ad");
    assert_eq!(offered(&state), ["@Ada Lovelace ", "@Adam ", "@Adil ", "@Adina ", "@Adonis ", "@Adrian "], "not ourselves, and six at most");
    typed(&mut state, "l");
    assert_eq!(offered(&state), ["@Bo Adler "]);
    press(&mut state, 1, "Tab");
    typed(&mut state, "and @å");
    press(&mut state, 1, "Enter");
    typed(&mut state, "please");
    assert_eq!(compose(&state).text(), "ask @Bo Adler and @Åse Berg please");
    assert!(compose(&state).offer.is_none());
}

#[test]
fn arrows_choose_esc_leaves_the_text_and_what_is_whole_is_not_offered_again() {
    let mut state = noting();
    typed(&mut state, "@ad");
    key(&mut state, Key::Up, false);
    assert_eq!(compose(&state).offer.as_ref().unwrap().chosen, 5);
    key(&mut state, Key::Down, false);
    key(&mut state, Key::Down, false);
    press(&mut state, 1, "Esc");
    assert_eq!((state.focus, compose(&state).text().as_str(), offered(&state).len()), (Focus::Compose, "@ad", 0));
    typed(&mut state, "a\n@adam");
    assert!(offered(&state).is_empty(), "Enter after the whole name is a line break");
    typed(&mut state, "\nmail x@ad");
    assert!(offered(&state).is_empty(), "an address is no mention");
    assert_eq!(compose(&state).text(), "@ada\n@adam\nmail x@ad");
    press(&mut state, 1, "Esc");
    assert_eq!(state.focus, Focus::Reader);
}

#[test]
fn a_reply_offers_nobody() {
    let mut state = noting();
    press(&mut state, 1, "^t");
    typed(&mut state, "hello @ad");
    assert!(offered(&state).is_empty());
    press(&mut state, 1, "^t");
    typed(&mut state, "a");
    assert_eq!(offered(&state), ["@Ada Lovelace ", "@Adam "]);
    assert_eq!(compose(&state).kind, DraftKind::Note);
}
