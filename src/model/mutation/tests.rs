//! Twice is once, and a refusal changes nothing.

use crate::model::*;
use chrono::{TimeZone, Utc};
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Utc.timestamp_opt(1_800_000_000 + seconds, 0).unwrap()
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        "[a-z]{1,8}".prop_map(Change::reply),
        "[a-z]{1,8}".prop_map(|text| Change::Note { text }),
        Just(Change::Close { state: "handled".into() }),
        Just(Change::Reopen),
        Just(Change::Claim),
        (1_i64..4).prop_map(|user| Change::Assign { users: vec![UserId(user)], departments: vec![] }),
        (1_i64..900).prop_map(|seconds| Change::Snooze { until: at(seconds), message: None }),
        Just(Change::Unsnooze),
        (1_i64..4, "[a-z]{1,8}").prop_map(|(id, text)| Change::Edit { message: MessageId(id), text }),
        (1_i64..4).prop_map(|id| Change::Delete { message: MessageId(id) }),
        ("[a-cA-C]{0,2}", "[a-c]{0,2}").prop_map(|(add, remove)| Change::Tag { add: names(&add), remove: names(&remove) }),
        (any::<bool>(), "[ab]", value(), value()).prop_map(|(contact, key, old, new)| Change::Fields {
            of: if contact { FieldsOf::Contact } else { FieldsOf::Case },
            set: vec![FieldChange { key, old, new }]
        }),
    ]
}

fn names(letters: &str) -> Vec<String> {
    letters.chars().map(String::from).collect()
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![Just(serde_json::Value::Null), Just("1".into()), Just(1.into()), Just(true.into()), Just("".into())]
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    prop::collection::vec((change(), 1_i64..4), 1..8).prop_map(|changes| {
        let mutation = |(count, (change, user)): (usize, (Change, i64))| {
            let now = at(i64::try_from(count).unwrap());
            let op = OpId::new(now, 1, u16::try_from(count).unwrap());
            Mutation { op, case: CaseId(1), thread: ThreadId(1), at: now, by: Actor { id: UserId(user), name: "A".into() }, change }
        };
        changes.into_iter().enumerate().map(mutation).collect()
    })
}

fn case(status: &str) -> Case {
    let message = |id: i64| Message { id: MessageId(id), case_id: CaseId(1), sender_id: Some(id), message: "said".into(), ..Message::default() };
    Case {
        id: CaseId(1),
        thread_id: ThreadId(1),
        status: Status::from(status.to_owned()),
        date_queue: Some(at(-60)),
        messages: (1..4).map(message).collect(),
        contact: Some(Contact::default()),
        ..Case::default()
    }
}

proptest! {
    #[test]
    fn twice_is_once(status in "pending|active|closed|queue", mutations in mutations()) {
        let mut case = case(&status);
        for mutation in mutations {
            let before = case.clone();
            let first = mutation.apply(&mut case);
            if first.is_err() {
                prop_assert_eq!(&case, &before, "a refusal changes nothing");
                continue;
            }
            let once = case.clone();
            prop_assert_eq!(mutation.apply(&mut case), Ok(()));
            prop_assert_eq!(&case, &once);
        }
    }

    #[test]
    fn the_form_on_the_disk_is_read_back(mutations in mutations()) {
        for mutation in mutations {
            let written = serde_json::to_string(&mutation).unwrap();
            prop_assert_eq!(serde_json::from_str::<Mutation>(&written).unwrap(), mutation);
        }
    }
}

fn changed(change: Change, case: &mut Case) -> Result<(), Refused> {
    let by = Actor { id: UserId(17), name: "Ola".into() };
    Mutation { op: OpId::new(at(0), 1, 1), case: CaseId(1), thread: ThreadId(1), at: at(0), by, change }.apply(case)
}

fn tags(case: &Case) -> Vec<&str> {
    case.tags.iter().map(|tag| tag.name.raw()).collect()
}

#[test]
fn tags_of_two_agents_are_one_set_in_whatever_order_they_come() {
    let change = |add: &str, remove: &str| Change::Tag { add: names(add), remove: names(remove) };
    let (mut one, mut other) = (case("active"), case("active"));
    for case in [&mut one, &mut other] {
        assert_eq!(changed(change("ab", ""), case), Ok(()));
    }
    let (mine, theirs) = (change("Cb", "a"), change("d", "b"));
    for change in [&mine, &theirs] {
        assert_eq!(changed(change.clone(), &mut one), Ok(()));
    }
    assert_eq!(tags(&one), ["C", "d"]);
    assert_eq!(changed(change("", "c"), &mut one), Ok(()));
    assert_eq!(tags(&one), ["d"], "a tag has one name, however it is written");
    assert_eq!(changed(theirs, &mut other), Ok(()));
    assert_eq!(tags(&other), ["a", "d"]);
}

#[test]
fn a_field_that_somebody_changed_is_left_as_it_is() {
    let mut case = case("active");
    case.fields.insert("order".into(), serde_json::json!("881"));
    let set = |old: serde_json::Value, new: serde_json::Value| Change::Fields {
        of: FieldsOf::Case,
        set: vec![FieldChange { key: "plan".into(), old: serde_json::Value::Null, new: "gold".into() }, FieldChange { key: "order".into(), old, new }],
    };
    assert_eq!(changed(set(880.into(), 882.into()), &mut case), Err(Refused::FieldChanged(CaseId(1), "order".into())));
    assert!(!case.fields.contains_key("plan"), "all of them, or none");
    assert_eq!(changed(set(881.into(), 882.into()), &mut case), Ok(()), "a number is the same as text");
    assert_eq!(case.fields.get("order"), Some(&882.into()));
    assert_eq!(changed(set(881.into(), serde_json::Value::Null), &mut case), Err(Refused::FieldChanged(CaseId(1), "order".into())));
    case.contact = None;
    let contact = Change::Fields { of: FieldsOf::Contact, set: Vec::new() };
    assert_eq!(changed(contact, &mut case), Err(Refused::NoContact(CaseId(1))));
}

#[test]
fn a_claim_makes_a_pending_case_active_and_counts_the_wait() {
    let mut case = case("pending");
    let claim = Mutation {
        op: OpId::new(at(0), 1, 1),
        case: CaseId(1),
        thread: ThreadId(1),
        at: at(0),
        by: Actor { id: UserId(17), name: "Ola".into() },
        change: Change::Claim,
    };
    assert_eq!(claim.apply(&mut case), Ok(()));
    assert_eq!((case.status.clone(), case.wait_time, case.owned_by(UserId(17))), (Status::Active, Some(60), true));
    let mut closed = super::super::Case { status: Status::Closed, ..case };
    assert_eq!(claim.apply(&mut closed), Err(Refused::Closed(CaseId(1))));
}
