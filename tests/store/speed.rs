//! What a filter costs in a large cache: `CASELOAD_LARGE=100000 cargo test --release --test all store::speed -- --ignored --nocapture`.
#![expect(clippy::disallowed_methods, reason = "figures need a clock")]

use super::{World, at, case, message};
use caseload::model::query::{Anchor, Sort};
use caseload::model::{Case, CaseId, CaseUser, Channel, Feedback, Filter, SenderType, Status, Tag, View, WindowAsk};
use serde_json::json;
use std::time::{Duration, Instant};

const PROMISE: Duration = Duration::from_millis(50);

/// One in fifty is open; the words are those of a shop.
fn planned(id: i64) -> Case {
    let open = id % 50 == 0;
    let status = match (open, id % 100) {
        (true, 0) => Status::Pending,
        (true, _) => Status::Active,
        _ => Status::Closed,
    };
    let owner = CaseUser { kind: SenderType::User, user_id: 17 + id % 9, status: "joined".into(), ..CaseUser::default() };
    let when = at(-(id * 7919 % 30_000_000));
    Case {
        users: if status == Status::Pending { Vec::new() } else { vec![owner] },
        channel: Channel::from(["chat", "email", "voip"][usize::try_from(id % 3).unwrap()].to_owned()),
        title: format!("Where is my parcel with the number {} and when does it come", id * 31).as_str().into(),
        tags: if id % 1000 == 7 { vec![Tag { name: "vip".into(), ..Tag::default() }] } else { Vec::new() },
        fields: json!({ "order": id * 3, "shop": "north" }).as_object().unwrap().clone(),
        closing_state: (!open).then(|| if id % 7 == 0 { "refunded".into() } else { "handled".into() }),
        feedbacks: if id % 11 == 0 { vec![Feedback { rating: Some(id % 5 + 1), ..Feedback::default() }] } else { Vec::new() },
        date_created: Some(when),
        date_queue: Some(when),
        date_updated: Some(when + chrono::TimeDelta::seconds(900)),
        date_closed: (!open).then_some(when + chrono::TimeDelta::seconds(900)),
        status,
        ..case(id)
    }
}

fn large(cases: i64) -> World {
    let world = World::new();
    let mut sink = world.pull();
    for first in (1..=cases).step_by(2_000) {
        let ids = first..(first + 2_000).min(cases + 1);
        let piece: Vec<Case> = ids.clone().map(planned).collect();
        sink.cases(&piece, true, at(0)).unwrap();
        let said: Vec<_> = ids
            .clone()
            .map(|id| message(id, id, SenderType::Contact, -(id * 7919 % 30_000_000), &"I wrote you last week about it and heard nothing. ".repeat(4)))
            .collect();
        sink.messages(&said, at(0)).unwrap();
    }
    sink.complete(at(0)).unwrap();
    world
}

fn time(world: &World, view: View, text: &str, sort: Sort, anchor: Anchor) -> (Duration, Duration, usize) {
    let ask = WindowAsk { view, filter: Filter::parse(text).unwrap(), sort, anchor, before: 60, after: 120 };
    let mut rows = 0;
    let mut took: Vec<Duration> = (0..40)
        .map(|_| {
            let begin = Instant::now();
            rows = world.store.window(&ask, at(0)).unwrap().rows.len();
            begin.elapsed()
        })
        .collect();
    took.sort();
    (took[20], took[39], rows)
}

#[test]
#[ignore = "figures of a release build"]
fn no_filter_takes_long_in_a_hundred_thousand_cases() {
    let cases = std::env::var("CASELOAD_LARGE").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100_000);
    let begin = Instant::now();
    let world = large(cases);
    println!("{cases} cases made in {:.1?}", begin.elapsed());
    let filters = [
        "",
        "status:active",
        "status:closed",
        "channel:mail",
        "mine",
        "owner:#19",
        "nobody",
        "tag:vip",
        "field.order:300",
        "state:refunded",
        "feedback:<=2",
        "due:<30m",
        "wait:>10m",
        "closed:<7d",
        "updated:>300d",
        "unread",
        "draft",
        "unsent",
        "#4410",
        "parcel",
        "zzzz",
        "contact:4410",
        "subject:3100",
        "-parcel",
        "tag:vip or due:<30m",
        "channel:mail refund",
        "status:closed nothing_like_this",
    ];
    let mut slow = Vec::new();
    for (view, sort) in [(View::All, "due"), (View::Closed, "due"), (View::Active, "due"), (View::All, "-updated"), (View::All, "waiting")] {
        for text in filters {
            for anchor in [Anchor::Top, Anchor::At(CaseId(cases / 2))] {
                let (median, most, rows) = time(&world, view, text, Sort::parse(sort).unwrap(), anchor);
                println!("{view:?} {sort:8} {anchor:?} '{text}': {rows} rows, median {median:.1?}, p99 {most:.1?}");
                if most > PROMISE {
                    slow.push(format!("{view:?} {sort} {anchor:?} '{text}' {most:.1?}"));
                }
            }
        }
    }
    assert!(slow.is_empty(), "longer than {PROMISE:?}: {slow:#?}");
}
