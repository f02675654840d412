//! The disk, through its front door: worlds of two small files in a folder of their own, cases and messages made by hand.
//! What is tested: nothing is lost, nothing is shown twice, the lists follow.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod backups;
mod closed;
mod damage;
mod files;
mod filters;
mod habits;
mod lists;
mod measured;
mod outbox;
mod picked;
mod program;
mod pulls;
mod replaced;
mod speed;
mod timelines;
mod versions;
mod words;
mod worked;

use caseload::model::query::Anchor;
use caseload::model::{
    Actor, Case, CaseId, CaseUser, Change, Channel, Contact, Message, MessageId, Mutation, Op, OpId, SenderType, Status, ThreadId, Timestamp, UserId, View,
    Window, WindowAsk, date,
};
use caseload::store::{Opening, Sink, Store, Targets};
use chrono::TimeDelta;
use serde_json::json;
use tempfile::TempDir;

pub const ME: i64 = 17;

/// The day of the tests, some seconds after nine o'clock.
pub fn at(seconds: i64) -> Timestamp {
    date::parse("2026-11-23T09:00:00Z").unwrap() + TimeDelta::seconds(seconds)
}

pub struct World {
    pub home: TempDir,
    pub store: Store,
}

impl World {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&opening(&home)).unwrap();
        Self { home, store }
    }

    /// A world after its first pull.
    pub fn with(cases: &[Case]) -> Self {
        let world = Self::new();
        let mut sink = world.pull();
        sink.cases(cases, true, at(0)).unwrap();
        sink.complete(at(0)).unwrap();
        world
    }

    pub fn pull(&self) -> Sink {
        let mut sink = self.store.sink().unwrap();
        sink.begin().unwrap();
        sink
    }

    pub fn reopened(self) -> Self {
        drop(self.store);
        let store = Store::open(&opening(&self.home)).unwrap();
        Self { home: self.home, store }
    }

    pub fn ids(&self, view: View) -> Vec<i64> {
        self.window(view, Anchor::Top).rows.iter().map(|row| row.id.0).collect()
    }

    pub fn window(&self, view: View, anchor: Anchor) -> Window {
        self.store.window(&WindowAsk { view, anchor, before: 10, after: 10, ..WindowAsk::default() }, at(0)).unwrap()
    }

    pub fn row(&self, id: i64) -> caseload::model::Row {
        self.window(View::All, Anchor::Top).rows.into_iter().find(|row| row.id == CaseId(id)).unwrap()
    }
}

pub fn opening(home: &TempDir) -> Opening {
    Opening {
        outbox: home.path().join("data/outbox.db"),
        cache: home.path().join("data/cache.db"),
        account: "demo".into(),
        me: Some(me()),
        targets: Targets::default(),
        now: at(0),
    }
}

pub fn me() -> Actor {
    Actor { id: UserId(ME), name: "Mara".into() }
}

/// A case in a thread of its own, waiting in the queue.
pub fn case(id: i64) -> Case {
    Case {
        id: CaseId(id),
        thread_id: ThreadId(id),
        title: format!("Title {id}").as_str().into(),
        contact: Some(Contact { fields: json!({ "name": format!("Contact {id}") }).as_object().unwrap().clone(), ..Contact::default() }),
        date_queue: Some(at(-600)),
        date_created: Some(at(-600)),
        date_updated: Some(at(-600)),
        ..Case::default()
    }
}

/// The same, active and mine.
pub fn mine(id: i64) -> Case {
    let user = CaseUser { user_id: ME, status: "joined".into(), ..CaseUser::default() };
    Case { status: Status::Active, users: vec![user], ..case(id) }
}

pub fn message(id: i64, case: i64, from: SenderType, seconds: i64, text: &str) -> Message {
    Message {
        id: MessageId(id),
        case_id: CaseId(case),
        thread_id: ThreadId(case),
        sender_type: from,
        sender_id: Some(ME),
        message: text.into(),
        channel: Some(Channel::Chat),
        date_created: Some(at(seconds)),
        ..Message::default()
    }
}

pub fn op(count: u16, case: i64, change: Change) -> Op {
    let mutation = Mutation { op: OpId::new(at(0), 7, count), case: CaseId(case), thread: ThreadId(case), at: at(i64::from(count)), by: me(), change };
    Op::new(mutation, None)
}

pub fn reply(count: u16, case: i64, text: &str) -> Op {
    op(count, case, Change::reply(text))
}

pub fn close(count: u16, case: i64) -> Op {
    op(count, case, Change::Close { state: "resolved".into() })
}
