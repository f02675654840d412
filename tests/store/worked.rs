//! The workload: what the cache tells is what counting case by case gives.

use super::{ME, World, at, case};
use caseload::model::workload::{Counted, Workload};
use caseload::model::{Case, Feedback, Snooze, Status, UserId, View};
use chrono::Duration;
use proptest::prelude::*;

/// What a made case is: the hours it was created and closed, its score, and whether it sleeps.
type Made = (i64, Option<i64>, Option<i64>, bool);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_cache_tells_what_a_count_gives(cases in prop::collection::vec((0_i64..50, prop::option::of(0_i64..50), prop::option::of(0_i64..6), any::<bool>()), 0..25)) {
        let now = at(60 * 60 * 50);
        let made = |(id, (created, closed, score, sleeps)): (i64, &Made)| Case {
            status: if closed.is_some() { Status::Closed } else { Status::Pending },
            date_created: Some(at(created * 3600)),
            date_queue: Some(at(created * 3600 + 60)),
            follow_up: sleeps.then(|| Snooze { user_id: Some(UserId(ME)), until: at(60 * 60 * 90), ..Snooze::default() }),
            date_closed: closed.map(|closed| at(closed * 3600)),
            feedbacks: score.iter().map(|score| Feedback { rating: Some(*score), ..Feedback::default() }).collect(),
            // 0 is what old rows hold.
            wait_time: score.map(|score| score * 60),
            ..case(id)
        };
        let cases: Vec<Case> = (1..).zip(&cases).map(made).collect();
        let world = World::with(&cases);
        let told = world.store.seeker(now).unwrap().workload(24).unwrap();
        let ratings = |case: &Case| case.feedbacks.iter().filter_map(|feedback| feedback.rating).fold(0, |bits, score| bits | 1_u8 << score);
        let taken = |case: &Case| case.wait_time.filter(|wait| *wait > 0).map(Duration::seconds);
        let counted = cases.iter().map(|case| Counted { case: case.id, taken: taken(case), created: case.date_created, closed: case.date_closed, since: case.date_queue.filter(|_| case.status != Status::Closed && case.follow_up.is_none()), ratings: ratings(case) });
        let wanted = Workload::of(counted, now, 24);
        prop_assert_eq!((&told.hours, told.scores, &told.waits, &told.taken, told.longest), (&wanted.hours, wanted.scores, &wanted.waits, &wanted.taken, wanted.longest));
        prop_assert_eq!(told.counts.of(View::All), cases.len() as u64);
    }
}
