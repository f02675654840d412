//! A zone as data: how far its clocks are ahead of UTC, and when that changes. Handed in at the start, so that nothing in here
//! asks the machine. What its clocks skip comes a little later, what they show twice is meant the first time.

use super::Timestamp;
use chrono::{Duration, NaiveDateTime};

/// Seconds east of UTC at first, and from each of these moments on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zone {
    first: i32,
    changes: Vec<(Timestamp, i32)>,
}

impl Zone {
    pub fn fixed(offset: i32) -> Self {
        Self { first: offset, changes: Vec::new() }
    }

    /// `changes` in their order.
    pub fn new(first: i32, changes: Vec<(Timestamp, i32)>) -> Self {
        Self { first, changes }
    }

    /// Seconds east of UTC at a moment.
    pub fn at(&self, moment: Timestamp) -> i32 {
        self.changes.iter().rev().find(|(from, _)| *from <= moment).map_or(self.first, |(_, offset)| *offset)
    }

    /// What the clocks show at a moment.
    pub fn local(&self, moment: Timestamp) -> NaiveDateTime {
        let naive = moment.naive_utc();
        naive.checked_add_signed(Duration::seconds(self.at(moment).into())).unwrap_or(naive)
    }

    /// When the clocks show this.
    pub fn moment(&self, local: NaiveDateTime) -> Option<Timestamp> {
        let as_if = |offset: i32| local.checked_sub_signed(Duration::seconds(offset.into())).map(|naive| naive.and_utc());
        let offsets = || std::iter::once(self.first).chain(self.changes.iter().map(|(_, offset)| *offset));
        let shown = offsets().filter_map(|offset| as_if(offset).filter(|moment| self.at(*moment) == offset)).min();
        // Skipped: as far behind the change as it would have been without it.
        let skipped = || {
            let befores = offsets().zip(&self.changes);
            befores
                .filter_map(|(before, (from, after))| as_if(before).filter(|moment| moment >= from && as_if(*after).is_some_and(|early| early < *from)))
                .min()
        };
        shown.or_else(skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::Zone;
    use crate::model::date;
    use chrono::NaiveDateTime;

    fn oslo() -> Zone {
        let at = |text: &str| date::parse(text).unwrap();
        Zone::new(3600, vec![(at("2026-03-29T01:00:00Z"), 7200), (at("2026-10-25T01:00:00Z"), 3600), (at("2027-03-28T01:00:00Z"), 7200)])
    }

    fn moment(text: &str) -> String {
        oslo().moment(text.parse::<NaiveDateTime>().unwrap()).map(date::iso).unwrap_or_default()
    }

    #[test]
    fn clocks_that_jump_are_followed() {
        for (local, utc) in [
            ("2026-03-28T09:00:00", "2026-03-28T08:00:00.000Z"),
            ("2026-03-30T09:00:00", "2026-03-30T07:00:00.000Z"),
            ("2026-03-29T02:30:00", "2026-03-29T01:30:00.000Z"),
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z"),
            ("2026-10-25T03:00:00", "2026-10-25T02:00:00.000Z"),
            ("2030-07-01T09:00:00", "2030-07-01T07:00:00.000Z"),
        ] {
            assert_eq!(moment(local), utc, "{local}");
        }
        let skipped = oslo().moment("2026-03-29T02:30:00".parse().unwrap()).unwrap();
        assert_eq!(oslo().local(skipped).to_string(), "2026-03-29 03:30:00", "an hour that is not there comes an hour later");
    }

    proptest::proptest! {
        #[test]
        fn what_a_clock_shows_is_a_moment_that_it_shows(seconds in 1_760_000_000_i64..1_840_000_000) {
            let zone = oslo();
            let at = crate::model::Timestamp::from_timestamp(seconds, 0).unwrap();
            let again = zone.moment(zone.local(at)).unwrap();
            proptest::prop_assert_eq!(zone.local(again), zone.local(at));
            proptest::prop_assert!(again <= at);
        }
    }
}
