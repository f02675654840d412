//! The messages of a case: chat, notes, mails, calls and the events between them, dated; and the dates of the case that follow from them.
//! The newest message is mirrored in the case's description.

use super::super::book::{any, book};
use super::super::dice::Dice;
use super::super::lang::Lang;
use super::super::mail::{self, Letter};
use super::super::plants;
use super::super::story::Voice;
use super::script::{Line, Script};
use super::{Teller, Thread, take};
use crate::model::{Case, Channel, Message, MessageId, MessageKind, Object, SenderType, Status, Timestamp, UserId};
use chrono::TimeDelta;
use serde_json::json;

/// The shape a message takes beside its words.
struct Shape {
    kind: MessageKind,
    by: By,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Customer,
    Agent,
    Colleague,
}

impl Teller {
    /// Plays the script into the case and dates its life by it.
    pub(super) fn messages(&mut self, case: &mut Case, thread: &mut Thread, script: &Script, rare: bool, dice: &mut Dice) {
        let carrier = script.lines.iter().position(|line| !line.turn.voice.is_call()).unwrap_or(0);
        let joins = case.channel == Channel::Chat && dice.chance(400) && script.lines.iter().any(|line| line.turn.voice == Voice::Agent);
        let mut at = case.date_created.unwrap_or(self.now);
        for (index, line) in script.lines.iter().enumerate() {
            let before = at;
            at += TimeDelta::seconds(line.gap);
            if joined(case, line, before, at) && joins {
                let text = format!("{} joined the conversation|translate", thread.brief.agent.name);
                let moment = case.date_active.unwrap_or(at);
                self.add(case, thread, Shape { kind: MessageKind::Event, by: By::Agent, text }, moment);
            }
            self.line(case, thread, line, at, rare && index == carrier, dice);
        }
        self.end(case, thread, script, at, dice);
        sum(case);
    }

    fn line(&mut self, case: &mut Case, thread: &mut Thread, line: &Line, at: Timestamp, rare: bool, dice: &mut Dice) {
        let voice = line.turn.voice;
        let mut text = line.turn.text.fill(&thread.facts, dice);
        if voice.is_call() {
            return self.call(case, thread, &text, rare, at, dice);
        }
        let lang = if voice.is_note() { Lang::En } else { thread.brief.lang };
        if case.channel == Channel::Chat && !voice.is_note() {
            opening(&mut text, case, thread, voice, dice);
        }
        if !thread.brief.fresh {
            self.plants.sow(&mut text, lang, voice, dice);
        }
        if rare {
            plants::rare(&mut text, dice);
        }
        let kind = if voice.is_note() { MessageKind::Note } else { MessageKind::Message };
        let by = match voice {
            Voice::Customer => By::Customer,
            Voice::Colleague => By::Colleague,
            _ => By::Agent,
        };
        if case.channel == Channel::Email && !voice.is_note() {
            return self.mail(case, thread, &text, by, at, dice);
        }
        let sms = case.channel == Channel::Voip && !voice.is_note();
        let message = self.add(case, thread, Shape { kind, by, text }, at);
        if sms {
            let (from, to) = if by == By::Agent { (LINE, thread.facts.get("phone")) } else { (thread.facts.get("phone"), LINE) };
            message.meta.insert("sms".into(), json!({"msgType": "sms", "channelType": "voip", "status": "sent", "from": from, "to": to}));
        }
    }

    fn mail(&mut self, case: &mut Case, thread: &mut Thread, words: &str, by: By, at: Timestamp, dice: &mut Dice) {
        let brief = thread.brief;
        let last = case.messages.iter().rev().find(|message| message.mail.is_some());
        let day = last.and_then(|message| message.date_created).map(|date| brief.lang.day(date)).unwrap_or_default();
        // The rare word is said once.
        let quoted = last.filter(|message| !plants::holds_rare(message.message.raw())).map(|message| {
            let name = message.sender.as_ref().map_or("", |sender| sender.name.raw());
            (day.as_str(), name, message.message.raw())
        });
        let (facts, title) = (&thread.facts, thread.title.as_str());
        let (reply, first) = (case.parent_id.is_some() || last.is_some(), last.is_none());
        let letter = Letter { lang: brief.lang, facts, agent: (by != By::Customer).then_some(brief.agent), html: thread.html, reply, first, title, quoted };
        let (text, mut mail) = mail::write(words, &letter, dice);
        mail.mailbox_in_reply_to = last.and_then(|message| message.mail.as_ref()?.message_id.clone());
        self.add(case, thread, Shape { kind: MessageKind::Message, by, text }, at).mail = Some(Box::new(mail));
    }

    /// `incoming completed`: the words of a call's turn are its direction and status.
    fn call(&mut self, case: &mut Case, thread: &mut Thread, words: &str, rare: bool, at: Timestamp, dice: &mut Dice) {
        let (direction, status) = words.split_once(' ').unwrap_or(("incoming", "completed"));
        let answered = status == "completed";
        let seconds = if answered { dice.between(38, 1260) } else { 0 };
        let mut text = match (direction, answered) {
            ("incoming", true) => format!("Incoming call, {}:{:02}", seconds / 60, seconds % 60),
            ("incoming", false) => "Missed call".to_owned(),
            (_, true) => format!("Outgoing call, {}:{:02}", seconds / 60, seconds % 60),
            (_, false) => "Outgoing call, no answer".to_owned(),
        };
        if rare {
            plants::rare(&mut text, dice);
        }
        let id = format!("CA{:016x}", dice.roll());
        let recording = answered.then(|| format!("https://calls.tidewell.example/recordings/{id}.mp3"));
        let call = json!({"callId": id, "direction": direction, "status": status, "durationSeconds": seconds, "recordingUrl": recording});
        let by = if direction == "incoming" { By::Customer } else { By::Agent };
        self.add(case, thread, Shape { kind: MessageKind::Event, by, text }, at).meta.insert("call".into(), call);
    }

    /// Closes what is closed, and lets an agent have joined where one must.
    fn end(&mut self, case: &mut Case, thread: &Thread, script: &Script, last: Timestamp, dice: &mut Dice) {
        if case.status != Status::Pending && case.date_active.is_none() {
            let waited = if script.closing > 0 { script.closing / 2 } else { 20.min((self.now - last).num_seconds()) };
            case.date_active = Some(last + TimeDelta::seconds(waited.max(0))).max(case.date_pending);
        }
        case.wait_time = case.date_active.zip(case.date_queue).map(|(active, queue)| (active - queue).num_seconds());
        if case.status != Status::Closed {
            return;
        }
        let closed = (last + TimeDelta::seconds(script.closing.max(1))).max(case.date_active.unwrap_or(last));
        case.date_closed = Some(closed);
        case.closed_by = Some(UserId(thread.brief.agent.id));
        case.closing_state = dice.chance(930).then(|| "handled".into());
        if case.channel == Channel::Chat && dice.chance(350) {
            let text = format!("{} closed the conversation|translate", thread.brief.agent.name);
            self.add(case, thread, Shape { kind: MessageKind::Event, by: By::Agent, text }, closed);
        }
    }

    fn add<'a>(&mut self, case: &'a mut Case, thread: &Thread, shape: Shape, at: Timestamp) -> &'a mut Message {
        self.plants.count(&shape.text);
        let (sender, sender_type) = match shape.by {
            By::Customer => (customer(thread), SenderType::Contact),
            By::Agent => (thread.brief.agent.person(), SenderType::User),
            By::Colleague => (thread.colleague.person(), SenderType::User),
        };
        case.messages.push(Message {
            id: MessageId(take(&mut self.ids.message)),
            case_id: case.id,
            thread_id: case.thread_id,
            contact_id: case.contact_id,
            channel: Some(case.channel.clone()),
            sender_type,
            sender_id: Some(sender.id),
            kind: shape.kind,
            message: shape.text.into(),
            meta: Object::new(),
            seen: false,
            date_created: Some(at),
            date_updated: None,
            sender: Some(sender),
            mail: None,
            extra: Object::new(),
        });
        let newest = case.messages.len() - 1;
        &mut case.messages[newest]
    }
}

/// The number the account sends SMS from.
const LINE: &str = "+44 1632 960 017";

fn customer(thread: &Thread) -> crate::model::Person {
    let email = thread.facts.get("email");
    crate::model::Person { id: thread.contact.id.0, name: thread.facts.get("name").into(), email: Some(email.into()), kind: Some(SenderType::Contact) }
}

/// An agent joins shortly before the first thing they do. True when it was now.
fn joined(case: &mut Case, line: &Line, before: Timestamp, at: Timestamp) -> bool {
    if case.date_active.is_some() || line.turn.voice.opens() {
        return false;
    }
    let typing = (at - before).num_seconds() / 2;
    case.date_active = Some(at - TimeDelta::seconds(typing.clamp(0, 45))).max(case.date_pending);
    true
}

/// People greet where they begin.
fn opening(text: &mut String, case: &Case, thread: &Thread, voice: Voice, dice: &mut Dice) {
    let wanted = if voice == Voice::Agent { SenderType::User } else { SenderType::Contact };
    let spoke = case.messages.iter().any(|message| message.sender_type == wanted && message.kind == MessageKind::Message);
    let culture = book().culture(thread.brief.lang);
    let space = thread.brief.lang.space();
    mail::capitalise(text);
    if !spoke && voice == Voice::Agent {
        let greeting = any(&culture.greet, dice).map(|greet| greet.fill(&thread.facts, dice)).unwrap_or_default();
        text.insert_str(0, &format!("{greeting}{space}"));
    } else if !spoke && dice.chance(650) {
        let greeting = any(&culture.hello, dice).map(|hello| hello.fill(&thread.facts, dice)).unwrap_or_default();
        let mark = if space.is_empty() { "。" } else { "! " };
        text.insert_str(0, &format!("{greeting}{mark}"));
    }
    if voice == Voice::Customer {
        plants::smile(text, dice);
    }
}

/// What a case says of its messages: the newest, and which were seen.
fn sum(case: &mut Case) {
    let newest_of = |case: &Case, by: &SenderType| case.messages.iter().rposition(|message| message.sender_type == *by).unwrap_or(0);
    let (agent, contact) = (newest_of(case, &SenderType::User), newest_of(case, &SenderType::Contact));
    let closed = case.status == Status::Closed;
    for (at, message) in case.messages.iter_mut().enumerate() {
        message.seen = closed || at < if message.sender_type == SenderType::User { contact } else { agent };
    }
    let Some(newest) = case.messages.last() else { return };
    case.description = newest.message.clone();
    case.date_updated = newest.date_created.max(case.date_active).max(case.date_closed).max(case.date_pending);
    case.last_message = Some(Box::new(newest.clone()));
}
