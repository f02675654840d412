//! What lies beside a case's messages: who takes part, its fields and tags, the customer's score, its timeline, its snooze.
//! Every row agrees with the dates of the case.

use super::super::book::book;
use super::super::dice::Dice;
use super::super::lang::Lang;
use super::super::people::Agent;
use super::{Teller, Thread, take};
use crate::model::{Case, CaseUser, Feedback, SenderType, Snooze, Status, Tag, TimelineEntry, Timestamp, UserId};
use chrono::TimeDelta;
use serde_json::json;

/// The departments; a case queues for one of them.
pub const DEPARTMENTS: [(i64, &str); 4] = [(1, "Orders & delivery"), (2, "Billing"), (3, "Technical help"), (4, "Returns")];

/// The questions customers are asked when a case was closed.
pub const QUESTIONS: [(i64, &str); 2] = [(1, "How happy are you with our answer?"), (2, "How easy was it to get help?")];

const TAGS: [(i64, &str, &str); 9] = [
    (1, "delivery", "#3b82f6"),
    (2, "billing", "#f59e0b"),
    (3, "returns", "#a855f7"),
    (4, "account", "#14b8a6"),
    (5, "technical", "#ef4444"),
    (6, "vip", "#eab308"),
    (7, "callback", "#0ea5e9"),
    (8, "feedback", "#22c55e"),
    (9, "bug", "#dc2626"),
];

pub fn tags() -> Vec<Tag> {
    TAGS.map(|(id, name, color)| Tag { id, name: name.into(), color: Some(color.into()), kind: Some("case".into()) }).into()
}

impl Teller {
    pub(super) fn papers(&mut self, case: &mut Case, thread: &Thread, dice: &mut Dice) {
        case.queue_id = Some(department(thread.brief.story.tags.first().copied().unwrap_or_default()));
        case.visit_id = Some(dice.between(1_200_000, 9_900_000));
        labels(case, thread, dice);
        self.users(case, thread, dice);
        self.timeline(case, thread);
        if case.status == Status::Closed && dice.chance(260) {
            self.feedback(case, thread.brief.lang, dice);
        }
        if let Some((until, why)) = thread.brief.snooze.filter(|_| case.status == Status::Active) {
            let (id, user) = (take(&mut self.ids.snooze), thread.brief.agent.id);
            case.follow_up = Some(Snooze { id: Some(id), until, user_id: Some(UserId(user)), message: Some(why.into()) });
            self.event(case, "snoozed", why, case.date_updated, Some(user));
        }
    }

    fn users(&mut self, case: &mut Case, thread: &Thread, dice: &mut Dice) {
        let closed = case.status == Status::Closed;
        let contact = CaseUser {
            id: take(&mut self.ids.user),
            case_id: case.id,
            kind: SenderType::Contact,
            user_id: thread.contact.id.0,
            role: Some("owner".into()),
            status: "active".into(),
            date_created: case.date_created,
            closed,
            ..CaseUser::default()
        };
        case.users.push(contact);
        if dice.chance(if case.status == Status::Pending { 250 } else { 90 }) {
            self.seat(case, thread.colleague, "rejected", case.date_pending);
        }
        if case.date_active.is_some() {
            self.seat(case, thread.brief.agent, "joined", case.date_active);
        } else if dice.chance(150) {
            let status = dice.pick(&["ignored", "assigned"]);
            self.seat(case, thread.brief.agent, status, case.date_pending);
        }
    }

    fn seat(&mut self, case: &mut Case, agent: Agent, status: &str, date: Option<Timestamp>) {
        case.users.push(CaseUser {
            id: take(&mut self.ids.user),
            case_id: case.id,
            kind: SenderType::User,
            user_id: agent.id,
            role: None,
            status: status.into(),
            date_created: date,
            date_last_assigned: date,
            closed: case.status == Status::Closed,
            user: Some(agent.person()),
        });
    }

    fn timeline(&mut self, case: &mut Case, thread: &Thread) {
        let agent = thread.brief.agent;
        let opened = if case.parent_id.is_some() { "reopened" } else { "created" };
        self.event(case, opened, thread.contact.name().raw(), case.date_created, None);
        let queue = DEPARTMENTS.iter().find(|(id, _)| Some(*id) == case.queue_id).map_or("", |(_, name)| name);
        self.event(case, "queued", queue, case.date_pending, None);
        if case.date_active.is_some() {
            self.event(case, "joined", agent.name, case.date_active, Some(agent.id));
        }
        if case.date_closed.is_some() {
            self.event(case, "closed", agent.name, case.date_closed, Some(agent.id));
        }
    }

    fn event(&mut self, case: &mut Case, event: &str, detail: &str, date: Option<Timestamp>, user: Option<i64>) {
        case.timeline.push(TimelineEntry {
            id: take(&mut self.ids.timeline),
            object_type: Some("case".into()),
            case_id: Some(case.id),
            thread_id: Some(case.thread_id),
            event: Some(event.into()),
            detail: Some(detail.into()),
            date_created: date,
            user_id: user.map(UserId),
        });
    }

    fn feedback(&mut self, case: &mut Case, lang: Lang, dice: &mut Dice) {
        const RATINGS: [u64; 5] = [5, 6, 12, 32, 45];
        let rating = dice.weighted(&RATINGS) + 1;
        let Some(date) = case.date_closed.map(|closed| (closed + TimeDelta::seconds(dice.between(30, 5000))).min(self.now)) else { return };
        let comments = book().list(if rating < 3 { "feedback.bad" } else { "feedback.good" });
        let comment = (lang == Lang::En && dice.chance(500)).then(|| dice.pick(comments).into());
        let (question_id, question) = dice.pick(&QUESTIONS);
        case.feedbacks.push(Feedback {
            id: take(&mut self.ids.feedback),
            case_id: Some(case.id),
            contact_id: case.contact_id,
            question_id: Some(question_id),
            question: question.into(),
            rating: i64::try_from(rating).ok(),
            comment,
            date_created: Some(date),
        });
        case.date_updated = case.date_updated.max(Some(date));
    }
}

fn department(tag: &str) -> i64 {
    match tag {
        "delivery" => 1,
        "billing" => 2,
        "returns" => 4,
        _ => 3,
    }
}

fn labels(case: &mut Case, thread: &Thread, dice: &mut Dice) {
    let vip = dice.chance(60).then_some("vip");
    let names = thread.brief.story.tags.iter().copied().chain(vip);
    case.tags = names.filter_map(|name| tags().into_iter().find(|tag| tag.name.raw() == name)).collect();
    let priority = if vip.is_some() { "high" } else { dice.pick(&["normal", "normal", "normal", "low", "high"]) };
    let facts = &thread.facts;
    for (key, value) in [("order", facts.get("order")), ("product", facts.get("product")), ("plan", facts.get("plan")), ("priority", priority)] {
        case.fields.insert(key.into(), json!(value));
    }
}
