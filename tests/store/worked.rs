//! The workload: what the cache tells is what counting case by case gives.

use super::{World, at, case};
use caseload::model::workload::{Counted, Workload};
use caseload::model::{Case, Feedback, Status, View};
use chrono::Duration;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_cache_tells_what_a_count_gives(cases in prop::collection::vec((0_i64..50, prop::option::of(0_i64..50), prop::option::of(0_i64..6)), 0..25)) {
        let now = at(60 * 60 * 50);
        let made = |(id, (created, closed, score)): (i64, &(i64, Option<i64>, Option<i64>))| Case {
            status: if closed.is_some() { Status::Closed } else { Status::Active },
            date_created: Some(at(created * 3600)),
            date_closed: closed.map(|closed| at(closed * 3600)),
            feedbacks: score.iter().map(|score| Feedback { rating: Some(*score), ..Feedback::default() }).collect(),
            ..case(id)
        };
        let cases: Vec<Case> = (1..).zip(&cases).map(made).collect();
        let world = World::with(&cases);
        let told = world.store.seeker(now).unwrap().workload(24).unwrap();
        let ratings = |case: &Case| case.feedbacks.iter().filter_map(|feedback| feedback.rating).fold(0, |bits, score| bits | 1_u8 << score);
        let counted = cases.iter().map(|case| Counted { created: case.date_created, closed: case.date_closed, since: None, ratings: ratings(case) });
        let wanted = Workload::of(counted, now, 24);
        prop_assert_eq!((&told.hours, told.scores), (&wanted.hours, wanted.scores));
        prop_assert!(told.waits.iter().all(|wait| *wait >= Duration::zero()));
        prop_assert_eq!(told.counts.of(View::All), cases.len() as u64);
    }
}
