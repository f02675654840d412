//! How much came in and went out lately, how long those who wait have waited, and what customers thought of it.

use super::{CaseId, Counts, Timestamp, View};
use chrono::Duration;

/// One case, as far as it counts here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    pub case: CaseId,
    pub created: Option<Timestamp>,
    pub closed: Option<Timestamp>,
    /// The customer waits for an answer since then.
    pub since: Option<Timestamp>,
    /// From the queue until an agent took it, where the server tells.
    pub taken: Option<Duration>,
    /// One bit for each score the customer gave.
    pub ratings: u8,
}

/// Cases that came and went in the hour that begins there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hour {
    pub begins: Timestamp,
    pub came: u64,
    pub went: u64,
}

/// The last hours, oldest first; the last one is not over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workload {
    pub hours: Vec<Hour>,
    /// How long each customer who waits for an answer has waited, shortest first.
    pub waits: Vec<Duration>,
    /// The case whose customer has waited longest.
    pub longest: Option<CaseId>,
    /// How long the cases that came in these hours stood in the queue until an agent took them, shortest first.
    pub taken: Vec<Duration>,
    /// How many cases of these hours have a score of 0 to 5.
    pub scores: [u64; 6],
    pub counts: Counts,
    /// When the cache was last complete.
    pub read: Option<Timestamp>,
}

/// The beginning of the hour; hours of zones that are off by half an hour begin with those of UTC.
fn hour(at: Timestamp) -> i64 {
    at.timestamp().div_euclid(3600)
}

/// Since when cases are looked at, for so many hours.
pub fn since(now: Timestamp, hours: u16) -> Timestamp {
    Timestamp::from_timestamp((hour(now) - i64::from(hours) + 1) * 3600, 0).unwrap_or(now)
}

/// That of the sorted which so many of a hundred are not above.
fn share(sorted: &[Duration], percent: usize) -> Option<Duration> {
    sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?).copied()
}

impl Workload {
    pub fn of(cases: impl IntoIterator<Item = Counted>, now: Timestamp, hours: u16) -> Self {
        let first = hour(now) - i64::from(hours) + 1;
        let begins = |at: i64| Timestamp::from_timestamp(at * 3600, 0).unwrap_or(now);
        let mut load = Self { hours: (first..=hour(now)).map(|at| Hour { begins: begins(at), ..Hour::default() }).collect(), ..Self::default() };
        let place = |at: Option<Timestamp>| at.and_then(|at| usize::try_from(hour(at) - first).ok()).filter(|at| *at < usize::from(hours));
        let mut oldest: Option<(Timestamp, CaseId)> = None;
        for case in cases {
            let (came, went) = (place(case.created), place(case.closed));
            if let Some(at) = came {
                load.hours[at].came += 1;
            }
            if let Some(at) = went {
                load.hours[at].went += 1;
            }
            if let Some(since) = case.since {
                load.waits.push((now - since).max(Duration::zero()));
                oldest = oldest.into_iter().chain([(since, case.case)]).min();
            }
            load.taken.extend(case.taken.filter(|_| came.is_some()));
            if came.or(went).is_some() {
                (0..6).filter(|score| case.ratings & 1 << score != 0).for_each(|score| load.scores[score] += 1);
            }
        }
        load.longest = oldest.map(|(_, case)| case);
        load.waits.sort();
        load.taken.sort();
        load
    }

    /// Of a hundred who wait so many wait no longer.
    pub fn wait(&self, percent: usize) -> Option<Duration> {
        share(&self.waits, percent)
    }

    /// Of a hundred cases that were taken so many stood no longer in the queue.
    pub fn took(&self, percent: usize) -> Option<Duration> {
        share(&self.taken, percent)
    }

    pub fn came(&self) -> u64 {
        self.hours.iter().map(|hour| hour.came).sum()
    }

    pub fn went(&self) -> u64 {
        self.hours.iter().map(|hour| hour.went).sum()
    }

    /// In hundredths.
    pub fn mean_score(&self) -> Option<u64> {
        let (sum, count) = self.scores.iter().zip(0..).fold((0, 0), |(sum, count), (cases, score)| (sum + cases * score, count + cases));
        (sum * 100 + count / 2).checked_div(count)
    }

    /// What is there now, view by view.
    pub fn open(&self) -> impl Iterator<Item = (View, u64)> {
        [View::Queue, View::Mine, View::Active, View::Pending, View::Snoozed].into_iter().map(|view| (view, self.counts.of(view)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_timestamp(1_795_798_800, 0).unwrap() + Duration::minutes(minutes)
    }

    #[test]
    fn cases_are_counted_in_the_hour_they_came_and_went() {
        // Half past the fourth hour.
        let now = at(30 + 60 * 3);
        let case = |created: i64, closed: Option<i64>| Counted { created: Some(at(created)), closed: closed.map(at), ..Counted::default() };
        let cases = [case(0, Some(61)), case(59, None), case(60, Some(30 + 180)), case(-1, Some(119)), case(-600, Some(-500))];
        let load = Workload::of(cases, now, 4);
        let counted: Vec<_> = load.hours.iter().map(|hour| (hour.came, hour.went)).collect();
        assert_eq!(counted, [(2, 0), (1, 2), (0, 0), (0, 1)]);
        assert_eq!((load.came(), load.went(), load.hours[0].begins, since(now, 4)), (3, 3, at(0), at(0)));
    }

    #[test]
    fn waits_and_scores_have_their_middle() {
        let waiting = |minutes: i64| Counted { case: CaseId(minutes), since: Some(at(-minutes)), ..Counted::default() };
        let rated = |ratings: u8| Counted { created: Some(at(0)), ratings, taken: Some(Duration::seconds(i64::from(ratings))), ..Counted::default() };
        let load = Workload::of([waiting(9), waiting(1), waiting(5), rated(1 << 5), rated(1 << 2), rated(1 << 4)], at(0), 1);
        assert_eq!((load.wait(50), load.wait(90), load.wait(100)), (Some(Duration::minutes(5)), Some(Duration::minutes(9)), Some(Duration::minutes(9))));
        assert_eq!((load.scores, load.mean_score()), ([0, 0, 1, 0, 1, 1], Some(367)));
        assert_eq!((load.longest, load.took(50), load.took(100)), (Some(CaseId(9)), Some(Duration::seconds(16)), Some(Duration::seconds(32))));
        let nothing = Workload::of([], at(0), 1);
        assert_eq!((nothing.wait(50), nothing.took(50), nothing.mean_score(), nothing.longest, nothing.hours.len()), (None, None, None, None, 1));
    }
}
