//! An account in which every text is evil: each field of each object that a server, a customer or a colleague can fill. Strings are
//! dealt to fields one after the other, or, for the whole product, so that every field gets every string once.

use super::corpus::{self, Evil};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the server has.
#[derive(Debug, Default)]
pub struct Account {
    pub cases: Vec<Value>,
    pub messages: Vec<Value>,
    /// By their thread.
    pub mails: Vec<(i64, Value)>,
    pub agents: Vec<Value>,
    pub dealt: Dealt,
}

/// Which strings went where.
#[derive(Debug, Default)]
pub struct Dealt {
    evils: Vec<Evil>,
    /// Every field with every string?
    product: bool,
    unit: usize,
    next: usize,
    /// The witnesses of each field that is shown somewhere.
    pub shown: BTreeMap<&'static str, BTreeSet<String>>,
    names: Vec<&'static str>,
}

impl Dealt {
    /// A string for a field that is shown.
    pub fn shown(&mut self, field: &'static str) -> String {
        let place = self.names.iter().position(|name| *name == field).unwrap_or_else(|| {
            self.names.push(field);
            self.names.len() - 1
        });
        let at = if self.product { self.unit + place * 37 } else { self.next } % self.evils.len();
        self.next += 1;
        let evil = &self.evils[at];
        self.shown.entry(field).or_default().insert(evil.witness.clone());
        evil.text.clone()
    }

    /// A string for a member that is kept and never shown: another one each time, that steps over none of the others.
    fn kept(&self) -> String {
        self.evils[(self.next * 7 + 3) % self.evils.len()].text.clone()
    }

    pub fn witnesses(&self) -> BTreeSet<String> {
        self.evils.iter().map(|evil| evil.witness.clone()).collect()
    }
}

/// A minute of today's morning; threads are older than the day's end.
fn at(minute: usize) -> String {
    let begun = chrono::Utc::now() - chrono::Duration::hours(20);
    (begun + chrono::Duration::minutes(i64::try_from(minute).unwrap())).format("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

/// Numbers of the three cases of a unit: closed, the open one that goes on with it, and one of unknown status and channel.
pub fn ids(unit: usize) -> [i64; 3] {
    let base = i64::try_from(unit).unwrap() * 10 + 1_000;
    [base + 1, base + 2, base + 3]
}

impl Account {
    /// As few units as hold every string once, or one for each string.
    pub fn new(product: bool) -> Self {
        let dealt = Dealt { evils: corpus::all(), product, ..Dealt::default() };
        let mut account = Self { dealt, ..Self::default() };
        account.agents = (17..29).map(|id| json!({"id": id, "name": account.dealt.shown("agent name"), "email": account.dealt.kept()})).collect();
        let wanted = account.dealt.evils.len();
        while if product { account.dealt.unit < wanted } else { account.dealt.next < wanted } {
            account.unit();
            account.dealt.unit += 1;
        }
        account
    }

    pub fn units(&self) -> usize {
        self.dealt.unit
    }

    fn unit(&mut self) {
        let [closed, open, odd] = ids(self.dealt.unit);
        let of_closed = self.closed(closed);
        let of_open = self.open(open, closed);
        let of_odd = self.odd(odd);
        self.cases.extend([of_closed, of_open, of_odd]);
        self.chat(open, closed);
        self.events(open, closed);
        self.mail(closed);
    }

    fn contact(&mut self) -> Value {
        let deal = &mut self.dealt;
        let mut fields = Map::new();
        for name in ["contact name", "contact email", "contact phone", "contact city", "contact state"] {
            fields.insert(name.trim_start_matches("contact ").to_owned(), json!(deal.shown(name)));
        }
        fields.insert("country".into(), json!({"name": deal.shown("contact country")}));
        fields.insert(deal.shown("contact key"), json!(deal.shown("contact value")));
        json!({"id": 9, "fields": fields, "clientType": deal.kept(), "clientName": deal.kept()})
    }

    fn closed(&mut self, id: i64) -> Value {
        let contact = self.contact();
        let deal = &mut self.dealt;
        let colleague = json!({"id": 1, "userId": 18, "type": "user", "status": "joined", "user": {"id": 18, "name": deal.shown("closed by")}});
        json!({
            "id": id, "threadId": id, "title": deal.kept(), "channel": "email", "status": "closed", "closingState": deal.shown("closing state"), "closedBy": 18,
            "dateCreated": at(1), "dateClosed": at(2), "dateUpdated": at(2), "contact": contact, "users": [colleague],
            "feedbacks": [{"id": 1, "rating": 4, "question": deal.shown("feedback question"), "comment": deal.shown("feedback comment"), "dateCreated": at(2)}],
        })
    }

    fn open(&mut self, id: i64, thread: i64) -> Value {
        let contact = self.contact();
        let deal = &mut self.dealt;
        let mut fields = Map::new();
        fields.insert(deal.shown("field key"), json!(deal.shown("field value")));
        fields.insert("list".into(), json!([deal.shown("field in a list"), 7, null]));
        fields.insert("object".into(), json!({"name": deal.shown("field in an object")}));
        let mut case = json!({
            "id": id, "threadId": thread, "parentId": thread, "title": deal.shown("title"), "description": deal.kept(), "channel": "email", "status": "active",
            "dateCreated": at(3), "dateActive": at(3), "dateUpdated": at(60), "contact": contact, "fields": fields,
            "users": [{"id": 2, "userId": 30, "type": "user", "status": "joined", "role": deal.kept(), "user": {"id": 30, "name": deal.shown("owner name")}}],
            "tags": [{"id": 1, "name": deal.shown("tag name"), "color": deal.kept(), "type": deal.kept()}, deal.shown("bare tag")],
            "timeline": [{"id": 1, "event": deal.shown("timeline event"), "detail": deal.shown("timeline detail"), "objectType": deal.kept(), "dateCreated": at(4)}],
            "followUp": {"id": 1, "until": "2099-01-01T09:00:00Z", "message": deal.shown("snooze message")},
        });
        let (key, value) = (deal.kept(), deal.kept());
        case[key] = json!(value);
        case
    }

    fn odd(&mut self, id: i64) -> Value {
        let message = self.message(id, id, 5, &json!({"senderType": "contact", "message": self.dealt.kept()}));
        self.messages.push(message.clone());
        let deal = &mut self.dealt;
        json!({
            "id": id, "threadId": id, "title": "", "channel": deal.kept(), "status": deal.shown("status word"), "dateCreated": at(5), "dateUpdated": at(6),
            "contact": {"id": 10, "fields": {"name": deal.shown("name of a strange case")}}, "lastMessage": message,
        })
    }

    fn message(&self, case: i64, thread: i64, minute: usize, rest: &Value) -> Value {
        let id = 1 + i64::try_from(self.messages.len() + self.mails.len()).unwrap();
        let mut message = json!({"id": id, "caseId": case, "threadId": thread, "type": "message", "dateCreated": at(minute)});
        message.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        message
    }

    fn say(&mut self, place: (i64, i64), minute: usize, rest: &Value) {
        let message = self.message(place.0, place.1, minute, rest);
        self.messages.push(message);
    }

    /// Everything a chat can hold: what the customer, an agent, a colleague and something unheard of write.
    fn chat(&mut self, case: i64, thread: i64) {
        let place = (case, thread);
        let deal = &mut self.dealt;
        let sender = json!({"id": 9, "name": deal.shown("sender name"), "email": deal.kept(), "photo": deal.kept(), "type": "contact"});
        let all = [
            json!({"senderType": "contact", "message": deal.shown("chat text"), "sender": sender, "meta": {deal.kept(): deal.kept()}}),
            json!({"senderType": "user", "senderId": 17, "message": deal.shown("own text")}),
            json!({"senderType": "user", "senderId": 18, "type": "note", "message": deal.shown("note text"), "sender": {"id": 18, "name": deal.shown("note writer")}}),
            json!({"senderType": "contact", "type": deal.shown("message type word"), "message": deal.shown("odd text")}),
            json!({"senderType": deal.shown("sender type word"), "senderId": 5, "message": deal.shown("bot text")}),
            json!({"senderType": "contact", "message": format!("see [{}](https://chat.example/{})", deal.shown("words of a chat link"), deal.shown("target of a chat link").replace([')', '(', ' '], ""))}),
            json!({"senderType": "contact", "message": format!("**bold {}** `code {}`\n- item {}", deal.shown("bold text"), deal.shown("code text"), deal.shown("list item"))}),
            json!({"senderType": "contact", "message": format!("https://xn.example/{} http://п.example/x", deal.shown("bare address"))}),
        ];
        for (minute, rest) in (10..).step_by(4).zip(all) {
            self.say(place, minute, &rest);
        }
    }

    /// A run of events that folds, one alone, and a call.
    fn events(&mut self, case: i64, thread: i64) {
        let deal = &mut self.dealt;
        let named = json!({"type": "event", "senderType": "user", "senderId": 18, "message": format!("{}|translate", deal.shown("event text")), "sender": {"id": 18, "name": deal.kept()}});
        let plain = json!({"type": "event", "senderType": "contact", "message": deal.shown("event in a run")});
        let call = json!({"callId": deal.kept(), "direction": deal.shown("call direction"), "status": deal.shown("call status"), "durationSeconds": 9, "recordingUrl": deal.shown("recording address")});
        let calls = json!({"type": "event", "senderType": "contact", "message": deal.kept(), "meta": {"call": call}});
        for rest in [named, plain.clone(), plain.clone(), plain, calls] {
            self.say((case, thread), 50, &rest);
        }
    }

    /// A mail of text with quotes, a signature and files, and one of HTML.
    fn mail(&mut self, thread: i64) {
        let deal = &mut self.dealt;
        let mut address = |name, email| json!({"Name": deal.shown(name), "Email": deal.shown(email)});
        let from = address("from name", "from address");
        let (to, cc, bcc) = (address("to name", "to address"), address("cc name", "cc address"), address("bcc name", "bcc address"));
        let body = format!(
            "new {}\n\nOn Monday Ola wrote:\n> {}\n> two\n> three\n\n-- \n{}\nTokyo",
            deal.shown("mail text"),
            deal.shown("quoted text"),
            deal.shown("signature")
        );
        let files = json!([
            {"Name": deal.shown("file name"), "ContentType": deal.shown("file type"), "ContentLength": 1_234, "ContentID": deal.kept()},
            deal.shown("bare file name"),
        ]);
        let plain = json!({
            "from": from, "to": [to], "cc": [cc], "bcc": [bcc], "subject": deal.shown("mail subject"), "textBody": body, "attachments": files,
            "messageId": deal.kept(), "mailboxInReplyTo": deal.kept(), "senderType": "contact",
        });
        let html = format!(
            "<style>{}</style><!-- {} --><table><tr><th>{}</th></tr></table><p title=\"{}\">{}</p><a href=\"https://mail.example/{}\">{}</a> <img alt=\"{}\" src=\"cid:1\"> &#27;]0;owned&#7; &#x9b;31m &#x202e;",
            deal.kept(),
            deal.kept(),
            deal.shown("table head"),
            deal.kept(),
            deal.shown("HTML text"),
            deal.shown("link target").replace(['"', '<'], ""),
            deal.shown("link words"),
            deal.shown("picture words").replace('"', ""),
        );
        let written = json!({"from": from, "subject": deal.shown("HTML subject"), "htmlBody": html, "senderType": "contact"});
        for (minute, mail) in [(52, plain), (54, written)] {
            let mail = self.message(thread + 1, thread, minute, &mail);
            self.mails.push((thread, mail));
        }
    }
}
