//! The filter language, answered in SQL: what a list gives is what the filter holds of each case as it is shown, whatever
//! was done to it and is not sent yet.

use super::{ME, World, at, case, message, op};
use caseload::model::query::{Anchor, Bound, Condition, Moment, Sample, Sort, Term};
use caseload::model::{
    Case, CaseId, CaseUser, Change, Channel, Draft, DraftKind, Feedback, Filter, Person, Row, SenderType, Snooze, Status, Tag, ThreadId, Unsent, UserId, View,
    WindowAsk,
};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

const NOW: i64 = 900;

/// What makes one case of the tests.
#[derive(Debug, Clone)]
struct Plan {
    status: &'static str,
    channel: &'static str,
    title: &'static str,
    owners: Vec<i64>,
    tag: Option<&'static str>,
    order: Option<i64>,
    state: Option<&'static str>,
    rating: Option<i64>,
    created: i64,
    said: Vec<(bool, i64)>,
    snoozed: Option<i64>,
    seen: bool,
    draft: bool,
}

fn plan() -> impl Strategy<Value = Plan> {
    let first = (
        select(vec!["pending", "active", "active", "closed", "parked"]),
        select(vec!["chat", "email", "voip", "fax"]),
        select(vec!["", "Refund please", "ÄRGER with order 881", "返金", "%_'\""]),
        prop::collection::vec(select(vec![ME, 18, 19]), 0..3),
        prop::option::of(select(vec!["VIP", "very  important", "late"])),
        prop::option::of(880_i64..883),
    );
    let second = (
        prop::option::of(select(vec!["refunded", "Handled"])),
        prop::option::of(1_i64..6),
        -900_i64..0,
        prop::collection::vec((any::<bool>(), -500_i64..NOW), 0..4),
        prop::option::of(select(vec![300_i64, 5_000])),
        any::<bool>(),
        any::<bool>(),
    );
    (first, second).prop_map(|((status, channel, title, owners, tag, order), (state, rating, created, said, snoozed, seen, draft))| Plan {
        status,
        channel,
        title,
        owners,
        tag,
        order,
        state,
        rating,
        created,
        said,
        snoozed,
        seen,
        draft,
    })
}

impl Plan {
    fn case(&self, id: i64) -> Case {
        let owner = |user: &i64| CaseUser { kind: SenderType::User, user_id: *user, status: "joined".into(), ..CaseUser::default() };
        let closed = self.status == "closed";
        Case {
            status: Status::from(self.status.to_owned()),
            channel: Channel::from(self.channel.to_owned()),
            title: self.title.into(),
            description: "the first words".into(),
            users: self.owners.iter().map(owner).collect(),
            tags: self.tag.iter().map(|name| Tag { name: (*name).into(), ..Tag::default() }).collect(),
            fields: self.order.map(|order| json!({ "Order": order }).as_object().unwrap().clone()).unwrap_or_default(),
            closing_state: self.state.filter(|_| closed).map(Into::into),
            feedbacks: self.rating.iter().map(|rating| Feedback { rating: Some(*rating), ..Feedback::default() }).collect(),
            date_created: Some(at(self.created)),
            date_queue: Some(at(self.created)),
            date_updated: Some(at(self.created + 50)),
            date_closed: closed.then(|| at(self.created + 40)),
            follow_up: self.snoozed.map(|until| Snooze { until: at(until), ..Snooze::default() }),
            ..case(id)
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let other = || vec![UserId(18)];
    prop_oneof![
        select(vec!["refunded", "Handled"]).prop_map(|state| Change::Close { state: state.into() }),
        Just(Change::Reopen),
        Just(Change::Claim),
        Just(Change::reply("on its way")),
        Just(Change::Note { text: "hm".into() }),
        Just(Change::Snooze { until: at(5_000), message: None }),
        Just(Change::Unsnooze),
        Just(Change::Assign { users: other(), departments: Vec::new() }),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    let moments = select(vec![Moment::Due, Moment::Wait, Moment::Updated, Moment::Created, Moment::Closed]);
    let words = select(vec!["refund", "ärger", "金", "%", "'", "\"", "881", "contact 3", "mara", "#18", "3", "first", "", "example.com"]);
    prop_oneof![
        select(vec!["pending", "active", "closed", "parked"]).prop_map(|status| Term::Status(Status::from(status.to_owned()))),
        select(vec!["chat", "email", "fax"]).prop_map(|channel| Term::Channel(Channel::from(channel.to_owned()))),
        select(View::ALL.to_vec()).prop_map(Term::View),
        select(vec![Term::Mine, Term::Nobody, Term::Unread, Term::Draft, Term::Unsent]),
        select(vec!["mara", "#18", "ida", "9"]).prop_map(|part| Term::Owner(part.into())),
        (1_i64..9).prop_map(|id| Term::Id(CaseId(id))),
        select(vec!["contact 2", "example", "5"]).prop_map(|part| Term::Contact(part.into())),
        select(vec!["ärger", "881", "%_"]).prop_map(|part| Term::Subject(part.into())),
        select(vec!["tag:vip", "tag:very important", "tag:v", "field.order:881", "state:refunded"]).prop_map(|mark| Term::Mark(mark.into())),
        (0_u8..64).prop_map(Term::Rated),
        (moments, any::<bool>(), any::<bool>(), -20_i64..40)
            .prop_map(|(moment, less, equal, at)| Term::Moment(moment, Bound { less, equal, span: TimeDelta::seconds(at * 50) })),
        words.prop_map(|part| Term::Words(part.into())),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let condition = (term(), any::<bool>()).prop_map(|(term, not)| Condition { term, not });
    prop::collection::vec(prop::collection::vec(condition, 1..4), 1..3).prop_map(|any| Filter { any })
}

/// What the list shows of a case, and the case as shown, are all that is asked.
fn holds(world: &World, row: &Row, filter: &Filter) -> bool {
    let case = world.store.shown(row.id).unwrap().unwrap();
    let target = match row.channel.as_str() {
        "chat" => 300,
        "email" => 14_400,
        _ => 3_600,
    };
    let names: Vec<String> = case.owners().map(|row| if row.user_id == ME { "Mara".to_owned() } else { format!("#{}", row.user_id) }).collect();
    let sample = Sample {
        case: &case,
        said: row.snippet.raw(),
        owners: &names,
        waiting: row.due.map(|due| due - TimeDelta::seconds(target)),
        due: row.due,
        unread: row.unread,
        draft: row.draft,
        unsent: row.unsent != Unsent::None,
    };
    filter.holds(&sample, Some(UserId(ME)), at(NOW))
}

fn world(plans: &[Plan], changes: &[(usize, Change)]) -> World {
    let cases: Vec<Case> = plans.iter().zip(1..).map(|(plan, id)| plan.case(id)).collect();
    let mut world = World::with(&cases);
    world.store.set_agents(&[Person { id: ME, name: "Mara".into(), ..Person::default() }]).unwrap();
    let mut messages = Vec::new();
    for ((plan, case), thread) in plans.iter().zip(1_i64..).zip(1_i64..) {
        for (from, seconds) in &plan.said {
            let sender = if *from { SenderType::Contact } else { SenderType::User };
            messages.push(message(i64::try_from(messages.len()).unwrap() + 1, case, sender, *seconds, "where is 881?"));
        }
        if plan.seen {
            world.store.seen(ThreadId(thread), at(0)).unwrap();
        }
        if plan.draft {
            world
                .store
                .save_draft(&Draft {
                    case: CaseId(case),
                    kind: DraftKind::Reply,
                    text: "hm".into(),
                    answers: None,
                    updated: at(1),
                    head: None,
                    edits: None,
                    translate: None,
                })
                .unwrap();
        }
    }
    world.pull().messages(&messages, at(NOW)).unwrap();
    for (count, (which, change)) in (1..).zip(changes) {
        let id = i64::try_from(which % plans.len()).unwrap() + 1;
        world.store.queue(&mut [op(count, id, change.clone())], at(NOW)).unwrap();
    }
    world.store.fold(at(NOW)).unwrap();
    world
}

fn ids(world: &World, view: View, filter: &Filter) -> Vec<i64> {
    let ask = WindowAsk { view, filter: filter.clone(), anchor: Anchor::Top, after: 50, ..WindowAsk::default() };
    world.store.window(&ask, at(NOW)).unwrap().rows.iter().map(|row| row.id.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]
    #[test]
    fn a_list_holds_what_its_filter_holds_of_each_case_as_shown(
        plans in prop::collection::vec(plan(), 1..9),
        changes in prop::collection::vec((0_usize..9, change()), 0..6),
        filters in prop::collection::vec(filter(), 8),
        view in select(View::ALL.to_vec()),
    ) {
        let world = world(&plans, &changes);
        let sink = world.store.sink().unwrap();
        let whole = world.store.window(&WindowAsk { view, after: 50, ..WindowAsk::default() }, at(NOW)).unwrap();
        for filter in &filters {
            let wanted: Vec<i64> = whole.rows.iter().filter(|row| holds(&world, row, filter)).map(|row| row.id.0).collect();
            prop_assert_eq!(&ids(&world, view, filter), &wanted, "{:?}", filter);
            let mut sorted = wanted.clone();
            sorted.sort_unstable();
            prop_assert_eq!(&gathered(&world, view, filter), &sorted, "gathered: {:?}", filter);
            let counted = world.store.count(&WindowAsk { view, filter: filter.clone(), ..WindowAsk::default() }, at(NOW)).unwrap();
            prop_assert_eq!(counted, wanted.len() as u64);
            let ask = WindowAsk { view, filter: filter.clone(), before: 2, after: 3, ..WindowAsk::default() };
            let window = world.store.window(&ask, at(NOW)).unwrap();
            prop_assert_eq!(sink.window(&ask, at(NOW)).unwrap(), window.clone(), "beside the loop: {:?}", filter);
            prop_assert_eq!(world.store.window_within(&ask, at(NOW), u32::MAX).unwrap(), Some(window));
        }
    }
}

/// The same the other way: in an order that no list has.
fn gathered(world: &World, view: View, filter: &Filter) -> Vec<i64> {
    let sort = Sort { reversed: true, ..Sort::default() };
    let ask = WindowAsk { view, filter: filter.clone(), sort, after: 50, ..WindowAsk::default() };
    let mut ids: Vec<i64> = world.store.window(&ask, at(NOW)).unwrap().rows.iter().map(|row| row.id.0).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn what_is_typed_never_becomes_sql() {
    let world = World::with(&[case(1)]);
    for text in ["'; DROP TABLE line; --", "tag:\"') OR 1=1 --\"", "contact:?1", "field.a') OR ('1'='1:x", "subject:%", "owner:_"] {
        let Ok(filter) = Filter::parse(text) else { continue };
        assert_eq!(ids(&world, View::All, &filter), [0; 0], "{text}");
    }
    assert_eq!(world.ids(View::All), [1]);
}

#[test]
fn what_takes_more_steps_than_there_are_is_not_read_now_and_is_read_beside_the_loop() {
    let world = World::with(&(1..=400).map(case).collect::<Vec<_>>());
    let ask = |text: &str, sort: Sort| WindowAsk { view: View::All, filter: Filter::parse(text).unwrap(), sort, after: 10, ..WindowAsk::default() };
    let newest = Sort { by: caseload::model::query::SortBy::Updated, reversed: false };
    for long in [ask("no case says this", Sort::default()), ask("no case says this", newest), ask("", newest)] {
        assert_eq!(world.store.window_within(&long, at(0), 1_000).unwrap(), None, "{long:?}");
        let whole = world.store.window(&long, at(0)).unwrap();
        assert_eq!(world.store.sink().unwrap().window(&long, at(0)).unwrap(), whole);
        assert_eq!(world.store.window_within(&long, at(0), 10_000_000).unwrap(), Some(whole));
        let sink = world.store.sink().unwrap();
        sink.stop().stop();
        assert!(sink.window(&long, at(0)).is_err(), "nobody waits for it");
    }
    assert!(world.store.window_within(&ask("", Sort::default()), at(0), 0).unwrap().is_some(), "a list in its own order is always there");
}
