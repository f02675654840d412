//! What is promised of the demo's data as a whole: the same for ever, consecutive, dated as life goes, in the shares that searches are measured with.
//! Rooms test their own parts; here only whole streams are looked at.

use super::{VIEWER, conversations, staff};
use crate::model::{Case, Channel, Message, MessageKind, Status, Timestamp, UserId, View, date};
use crate::server::seed::Seeded;

fn now() -> Timestamp {
    date::parse("2026-11-23T09:00:00Z").unwrap()
}

fn make(cases: u64, seed: u64) -> Vec<Seeded> {
    conversations(cases, seed, now()).collect()
}

fn cases(made: &[Seeded]) -> Vec<&Case> {
    made.iter().flat_map(|seeded| &seeded.cases).collect()
}

fn messages(made: &[Seeded]) -> Vec<&Message> {
    made.iter().flat_map(|seeded| &seeded.cases).flat_map(|case| &case.messages).collect()
}

fn holding(messages: &[&Message], word: &str) -> usize {
    messages.iter().filter(|message| message.message.raw().to_lowercase().contains(word)).count()
}

/// Per mille.
fn share(part: usize, whole: usize) -> usize {
    part * 1000 / whole.max(1)
}

#[test]
fn the_same_seed_makes_the_same_and_another_another() {
    let text = |seed| format!("{:?}", cases(&make(120, seed)));
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
}

#[test]
fn as_many_cases_are_made_as_were_asked_for() {
    for count in (0..60).chain([100, 299, 500, 777]) {
        assert_eq!(cases(&make(count, 3)).len() as u64, count);
    }
}

#[test]
fn numbers_are_consecutive() {
    let made = make(400, 1);
    let rises = |ids: Vec<i64>| ids.windows(2).all(|pair| pair[1] == pair[0] + 1);
    assert_eq!(cases(&made)[0].id.0, 4001);
    assert!(rises(made.iter().map(|seeded| seeded.contact.id.0).collect()));
    assert!(rises(cases(&made).iter().map(|case| case.id.0).collect()));
    assert!(rises(messages(&made).iter().map(|message| message.id.0).collect()));
    let rows = |of: fn(&Case) -> Vec<i64>| cases(&made).into_iter().flat_map(of).collect::<Vec<i64>>();
    assert!(rises(rows(|case| case.users.iter().map(|row| row.id).collect())));
    assert!(rises(rows(|case| case.feedbacks.iter().map(|row| row.id).collect())));
    assert!(rises(rows(|case| case.timeline.iter().map(|row| row.id).collect())));
}

#[test]
fn planted_words_have_their_shares() {
    for count in [50, 2000] {
        assert_eq!(holding(&messages(&make(count, 1)), "zephyrlock"), 12, "{count}");
    }
    let made = make(2000, 1);
    let all = messages(&made);
    let (refund, chargeback, returned) = (holding(&all, "refund"), holding(&all, "chargeback"), holding(&all, "返金"));
    assert!((270..=330).contains(&share(refund, all.len())), "refund {refund} of {}", all.len());
    assert!((7..=13).contains(&share(chargeback, all.len())), "chargeback {chargeback}");
    assert!((15..=25).contains(&share(returned, all.len())), "返金 {returned}");
}

#[test]
fn conversations_have_the_shape_of_a_real_inbox() {
    let made = make(2000, 1);
    let (all, said) = (cases(&made), messages(&made));
    let hundredths = said.len() * 100 / all.len();
    assert!((510..=550).contains(&hundredths), "{hundredths} messages in a hundred cases");
    let longest = made.iter().map(|seeded| seeded.cases.iter().map(|case| case.messages.len()).sum::<usize>());
    assert!(longest.clone().max().is_some_and(|most| (25..=40).contains(&most)) && longest.min() == Some(1));
    for (channel, wanted) in [(Channel::Chat, 480..=620), (Channel::Email, 240..=360), (Channel::Voip, 110..=190)] {
        let part = share(all.iter().filter(|case| case.channel == channel).count(), all.len());
        assert!(wanted.contains(&part), "{channel:?} {part}");
    }
    let foreign = made.iter().filter(|seeded| seeded.contact.name().raw().chars().any(|c| c > '\u{36f}')).count();
    assert!((60..=100).contains(&share(foreign, made.len())), "{foreign} names");
    let wide =
        all.iter().filter(|case| case.messages.iter().any(|message| message.message.raw().chars().any(|c| ('\u{3040}'..='\u{d7af}').contains(&c)))).count();
    assert!((40..=80).contains(&share(wide, all.len())), "{wide} wide");
    let html = said.iter().filter(|message| message.mail.as_ref().is_some_and(|mail| mail.html_body.is_some())).count();
    assert!((60..=120).contains(&share(html, said.len())), "{html} html");
    assert!(said.iter().any(|message| message.message.raw().lines().any(|line| line.chars().count() == 1500)));
    assert!(all.iter().any(|case| !case.feedbacks.is_empty()) && all.iter().any(|case| case.parent_id.is_some()));
}

#[test]
fn a_case_lives_as_the_contract_says() {
    for case in cases(&make(700, 2)) {
        let dates = [case.date_queue, case.date_pending, case.date_active, case.date_closed];
        let known: Vec<Timestamp> = dates.into_iter().flatten().collect();
        assert!(known.windows(2).all(|pair| pair[0] <= pair[1]), "{}: {known:?}", case.id);
        assert_eq!(case.date_closed.is_some(), case.status == Status::Closed, "{}", case.id);
        assert_eq!(case.date_active.is_some(), case.status != Status::Pending, "{}", case.id);
        assert_eq!(case.wait_time, case.date_active.map(|active| (active - case.date_queue.unwrap()).num_seconds()));
        let said: Vec<Timestamp> = case.messages.iter().filter_map(|message| message.date_created).collect();
        assert!(said.len() == case.messages.len() && said.windows(2).all(|pair| pair[0] <= pair[1]), "{}: {said:?}", case.id);
        assert!(case.date_updated.is_some_and(|updated| updated >= *said.last().unwrap() && updated <= now()), "{}", case.id);
        assert_eq!(case.description, case.messages.last().unwrap().message);
        assert_eq!(case.last_message.as_deref(), case.messages.last());
        assert_eq!(case.thread_id.0, case.parent_id.unwrap_or(case.id).0);
        assert!(!case.title.is_empty() && !case.users.is_empty() && !case.timeline.is_empty() && !case.fields.is_empty());
    }
}

#[test]
fn nothing_is_said_with_a_gap_in_it() {
    let made = make(1500, 9);
    for message in messages(&made) {
        let text = message.message.raw();
        let log = text.contains("{\"level\"");
        assert!(log || !text.contains('{') && !text.contains('}'), "{text}");
        assert!(!text.trim().is_empty() && !text.contains("  is "), "{text}");
        assert!(message.sender.as_ref().is_some_and(|sender| !sender.name.is_empty()));
        assert_eq!(message.mail.is_some(), message.channel == Some(Channel::Email) && message.kind == MessageKind::Message);
    }
    assert!(cases(&made).iter().all(|case| !case.title.raw().contains('{')));
}

#[test]
fn a_thread_is_told_in_order() {
    for seeded in make(600, 4) {
        let dates: Vec<Option<Timestamp>> = seeded.cases.iter().flat_map(|case| &case.messages).map(|message| message.date_created).collect();
        assert!(dates.windows(2).all(|pair| pair[0] <= pair[1]) && dates.len() <= 40);
        assert!(seeded.cases.iter().all(|case| case.thread_id.0 == seeded.cases[0].id.0));
        assert!(seeded.cases.iter().rev().skip(1).all(Case::is_closed));
    }
}

#[test]
fn a_morning_has_something_in_every_view() {
    let made = make(40, 1);
    let me = Some(UserId(VIEWER));
    let count = |view: View| cases(&made).into_iter().filter(|case| view.holds(case, me, now())).count();
    let counts = View::ALL.map(count);
    assert_eq!((counts[0], counts[4]), (8, 3), "{counts:?}");
    assert!(counts[1] >= 5 && counts[5] >= 15, "{counts:?}");
    let fresh = |case: &&Case| case.status == Status::Pending && case.date_updated.is_some_and(|date| (now() - date).num_minutes() < 15);
    assert!(cases(&made).into_iter().filter(|case| fresh(case)).count() >= 4);
    assert!(messages(&made).iter().any(|message| message.call().is_some_and(|call| call.status == "no-answer")));
    assert!(messages(&made).iter().any(|message| message.call().is_some_and(|call| call.duration_seconds > 0 && call.recording_url.is_some())));
    let today = |case: &&Case| case.date_closed.is_some_and(|date| (now() - date).num_hours() < 12);
    assert!(cases(&made).into_iter().filter(|case| today(case)).count() >= 2);
}

#[test]
fn many_cases_are_mostly_closed() {
    let made = make(3000, 1);
    let count = |status: Status| cases(&made).into_iter().filter(|case| case.status == status).count();
    assert_eq!((count(Status::Pending), count(Status::Active)), (30, 60));
    let oldest = cases(&made)[0].date_created.unwrap();
    assert!((now() - oldest).num_days() > 600);
}

#[test]
fn the_staff_knows_the_viewer() {
    let staff = staff();
    assert!(staff.agents.iter().any(|agent| agent.id == VIEWER) && staff.agents.len() > 5);
    assert!(staff.tags.iter().all(|tag| tag.color.as_ref().is_some_and(|color| color.starts_with('#') && color.len() == 7)));
    assert!(!staff.departments.is_empty() && !staff.questions.is_empty());
}
