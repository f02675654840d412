//! Lists: what stands in them, in which order, when they move, and how a window walks through them.

use super::{ME, World, at, case, close, message, mine, op, reply};
use caseload::model::query::Anchor;
use caseload::model::{Case, CaseId, Change, Filter, OpState, Person, SenderType, Snooze, Status, ThreadId, Unsent, UserId, View, WindowAsk};
use proptest::prelude::*;

#[test]
fn my_own_close_leaves_mine_at_once_and_the_counts_follow() {
    let mut world = World::with(&[mine(1), mine(2), case(3)]);
    assert_eq!(world.store.counts().unwrap().of(View::Mine), 2);
    world.store.queue(&mut [close(1, 1)], at(1)).unwrap();
    assert_eq!(world.ids(View::Mine), [2]);
    assert_eq!(world.ids(View::Closed), [1]);
    let counts = world.store.counts().unwrap();
    assert_eq!([View::Mine, View::Active, View::Closed, View::Queue, View::All].map(|view| counts.of(view)), [1, 1, 1, 1, 3]);
    assert_eq!(world.row(1).unsent, Unsent::Waiting);
    assert!(!world.store.case(CaseId(1)).unwrap().unwrap().is_closed(), "confirmed is the server's word only");
    assert!(world.store.shown(CaseId(1)).unwrap().unwrap().is_closed());
}

#[test]
fn an_operation_taken_back_moves_the_case_back() {
    let mut world = World::with(&[mine(1)]);
    let mut ops = [close(1, 1)];
    world.store.queue(&mut ops, at(1)).unwrap();
    let [mut op] = ops;
    op.state = OpState::Cancelled;
    assert!(world.store.advance(&op, &[OpState::Queued]).unwrap());
    assert_eq!(world.ids(View::Mine), [1]);
    assert_eq!(world.ids(View::Closed), [0; 0]);
    assert_eq!(world.row(1).unsent, Unsent::None);
}

#[test]
fn news_waits_until_it_is_folded_in() {
    let mut world = World::with(&[case(1), case(2)]);
    let mut sink = world.pull();
    let changed = Case { status: Status::Closed, title: "Other".into(), date_updated: Some(at(5)), date_closed: Some(at(5)), ..case(1) };
    let report = sink.cases(&[changed, case(3)], false, at(5)).unwrap();
    assert_eq!((report.changed.len(), report.new), (2, 1));
    let window = world.window(View::Queue, Anchor::Top);
    assert_eq!(window.rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [1, 2], "the list stands still");
    assert_eq!(window.rows[0].status, Status::Closed, "its content does not");
    assert_eq!(window.news, 2);
    assert_eq!(world.store.fold(at(6)).unwrap(), 2);
    assert_eq!(world.ids(View::Queue), [2, 3]);
    assert_eq!(world.window(View::Closed, Anchor::Top).news, 0);
}

#[test]
fn news_that_moves_back_is_none() {
    let world = World::with(&[case(1)]);
    let closed = Case { status: Status::Closed, date_updated: Some(at(5)), ..case(1) };
    let again = Case { date_updated: Some(at(6)), ..case(1) };
    world.pull().cases(&[closed], false, at(5)).unwrap();
    assert_eq!(world.window(View::All, Anchor::Top).news, 1);
    world.pull().cases(&[again], false, at(6)).unwrap();
    assert_eq!(world.window(View::All, Anchor::Top).news, 0, "due as before: the place is the same");
}

#[test]
fn next_due_first_then_what_waits_for_the_customer_newest_first() {
    let world = World::with(&[mine(1), mine(2), mine(3), mine(4)]);
    let mut sink = world.pull();
    sink.cases(&[Case { date_updated: Some(at(-10)), ..mine(4) }], true, at(0)).unwrap();
    let talk = [
        message(1, 1, SenderType::Contact, -100, "late"),
        message(2, 2, SenderType::Contact, -200, "early"),
        message(3, 3, SenderType::Contact, -300, "answered"),
        message(4, 3, SenderType::User, -250, "yes"),
    ];
    sink.messages(&talk, at(0)).unwrap();
    let mut world = world;
    world.store.fold(at(0)).unwrap();
    assert_eq!(world.ids(View::Mine), [2, 1, 4, 3]);
    assert_eq!(world.row(2).due, Some(at(-200 + 300)));
    assert_eq!(world.row(3).due, None);
    assert_eq!(world.row(1).snippet.raw(), "late");
    world.store.queue(&mut [reply(1, 2, "here you are")], at(1)).unwrap();
    assert_eq!(world.row(2).due, None, "my answer counts before it is sent");
    assert_eq!(world.ids(View::Mine), [1, 2, 4, 3]);
}

#[test]
fn the_order_in_which_messages_arrive_does_not_matter() {
    let talk = [
        message(1, 1, SenderType::Contact, -300, "one"),
        message(2, 1, SenderType::User, -250, "two"),
        message(3, 1, SenderType::Contact, -200, "three"),
        message(4, 1, SenderType::Contact, -100, "four"),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        let world = World::with(&[mine(1)]);
        let mut sink = world.pull();
        for at_once in order {
            sink.messages(&talk[at_once..=at_once], at(0)).unwrap();
        }
        let row = world.row(1);
        assert_eq!((row.due, row.snippet.raw()), (Some(at(-200 + 300)), "four"), "{order:?}");
    }
}

#[test]
fn a_snooze_ends() {
    let mut world = World::with(&[mine(1), mine(2)]);
    let snooze = op(1, 1, Change::Snooze { until: at(100), message: None });
    world.store.queue(&mut [snooze], at(1)).unwrap();
    assert_eq!((world.ids(View::Mine), world.ids(View::Snoozed)), (vec![2], vec![1]));
    assert_eq!(world.row(1).snoozed_until, Some(at(100)));
    assert_eq!(world.store.due_snoozes(at(50)).unwrap(), Some(at(100)));
    assert_eq!(world.ids(View::Snoozed), [1]);
    assert_eq!(world.store.due_snoozes(at(101)).unwrap(), None);
    assert_eq!((world.ids(View::Mine), world.ids(View::Snoozed)), (vec![1, 2], vec![]));
}

#[test]
fn another_agents_snooze_is_not_mine() {
    let follow_up = Some(Snooze { until: at(100), user_id: Some(UserId(ME + 1)), ..Snooze::default() });
    let mut world = World::with(&[Case { follow_up, ..mine(1) }]);
    assert_eq!((world.ids(View::Mine), world.ids(View::Snoozed)), (vec![1], vec![]));
    let other = caseload::model::Actor { id: UserId(ME + 1), name: "Ida".into() };
    world.store.set_me(&other, at(0)).unwrap();
    assert_eq!((world.ids(View::Mine), world.ids(View::Snoozed)), (vec![], vec![1]));
}

#[test]
fn unread_is_what_i_have_not_seen() {
    let waiting = message(1, 1, SenderType::Contact, -100, "hello?");
    let closed = Case { status: Status::Closed, last_message: Some(Box::new(message(2, 2, SenderType::Contact, -90, "bye"))), ..case(2) };
    let world = World::with(&[Case { last_message: Some(Box::new(waiting)), ..mine(1) }, closed]);
    assert!(world.row(1).unread, "open, and the customer spoke last");
    assert!(!world.row(2).unread, "old and closed");
    let mut world = world;
    world.store.seen(ThreadId(1), at(-100)).unwrap();
    assert!(!world.row(1).unread);
    world.pull().messages(&[message(3, 1, SenderType::Contact, 10, "are you there?"), message(4, 2, SenderType::Contact, 11, "again")], at(12)).unwrap();
    assert!(world.row(1).unread && world.row(2).unread);
    let filter = Filter::parse("unread closed").unwrap();
    let window = world.store.window(&WindowAsk { view: View::All, filter, after: 9, ..WindowAsk::default() }, at(12)).unwrap();
    assert_eq!(window.rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [2]);
}

#[test]
fn the_cursor_stays_where_a_vanished_case_stood() {
    let mut world = World::with(&[mine(1), mine(2), mine(3), mine(4)]);
    world.store.queue(&mut [close(1, 2)], at(1)).unwrap();
    let window = world.window(View::Mine, Anchor::At(CaseId(2)));
    assert_eq!(window.rows[window.at].id, CaseId(3));
    world.store.queue(&mut [close(2, 4)], at(1)).unwrap();
    let window = world.window(View::Mine, Anchor::At(CaseId(4)));
    assert_eq!((window.rows[window.at].id, window.more_after), (CaseId(3), false), "nothing comes after it: the last one");
    world.pull().forget(CaseId(1)).unwrap();
    assert_eq!(world.ids(View::Mine), [3]);
    assert_eq!(world.window(View::Mine, Anchor::At(CaseId(1))).at, 0);
}

#[test]
fn an_owner_gets_a_name_when_the_agents_are_known() {
    let mut world = World::with(&[mine(1)]);
    assert_eq!(world.row(1).owner.map(|owner| owner.raw().to_owned()).as_deref(), Some("#17"));
    let mara = Person { id: ME, name: "Mara".into(), ..Person::default() };
    world.store.set_agents(std::slice::from_ref(&mara)).unwrap();
    assert_eq!(world.row(1).owner, Some("Mara".into()));
    assert!(world.row(1).mine);
    assert_eq!(world.store.agents().unwrap(), [mara]);
}

#[test]
fn both_doors_may_go_to_another_thread() {
    fn goes<T: Send>() {}
    goes::<caseload::store::Store>();
    goes::<caseload::store::Sink>();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_walk_through_the_list_meets_every_case_once(sizes in prop::collection::vec((0_usize..5, 1_usize..7), 40), updates in prop::collection::vec(-9_i64..0, 1..40)) {
        let cases: Vec<Case> = updates.iter().zip(1..).map(|(update, id)| Case { date_updated: Some(at(*update)), ..mine(id) }).collect();
        let world = World::with(&cases);
        let mut met: Vec<i64> = Vec::new();
        let mut anchor = Anchor::Top;
        for (before, after) in sizes {
            let window = world.store.window(&WindowAsk { view: View::Mine, anchor, before, after, ..WindowAsk::default() }, at(0)).unwrap();
            let new: Vec<i64> = window.rows.iter().map(|row| row.id.0).filter(|id| !met.contains(id)).collect();
            let from_here = if matches!(anchor, Anchor::Top) { 0 } else { window.at + 1 };
            prop_assert_eq!(&new, &window.rows[from_here..].iter().map(|row| row.id.0).collect::<Vec<_>>());
            prop_assert_eq!(window.more_before, met.len() > window.at + 1 || (window.at == 0 && met.len() > 1 && before == 0), "more before");
            met.extend(&new);
            prop_assert_eq!(window.more_after, met.len() < cases.len());
            let Some(last) = met.last() else { break };
            anchor = Anchor::At(CaseId(*last));
        }
        let mut wanted: Vec<i64> = cases.iter().map(|case| case.id.0).collect();
        wanted.sort_by_key(|id| (-updates[usize::try_from(*id - 1).unwrap()], *id));
        prop_assert_eq!(&met, &wanted[..met.len()]);
        let bottom = world.window(View::Mine, Anchor::Bottom);
        prop_assert_eq!(bottom.rows.last().map(|row| row.id.0), wanted.last().copied());
        prop_assert_eq!(bottom.at + 1, bottom.rows.len());
    }
}
