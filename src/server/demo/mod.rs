//! Demo data: an account's staff, its conversations, and customers who keep writing.
//! The same number of cases, seed and `now` give the same data for ever; it is made as a stream, one conversation at a time.

mod book;
mod customers;
mod dice;
mod facts;
mod file;
mod lang;
mod mail;
mod outline;
mod people;
mod plants;
mod plot;
mod story;
mod template;
#[cfg(test)]
mod tests;

pub use customers::{Act, Customers};
pub use file::file;
pub use people::VIEWER;

use super::seed::{Seeded, Staff};
use crate::model::Timestamp;
use dice::Dice;
use outline::Outline;
use plot::Teller;

/// The account's staff; agent [`VIEWER`] is the one the demo's key acts as.
pub fn staff() -> Staff {
    Staff {
        agents: people::AGENTS.iter().map(|agent| agent.person()).collect(),
        departments: plot::DEPARTMENTS.iter().map(|(id, name)| (*id, (*name).to_owned())).collect(),
        tags: plot::tags(),
        questions: plot::QUESTIONS.iter().map(|(id, text)| (*id, (*text).to_owned())).collect(),
    }
}

/// Conversations until `cases` cases were made: closed ones first, then active, then pending.
pub fn conversations(cases: u64, seed: u64, now: Timestamp) -> impl Iterator<Item = Seeded> + Send {
    let outline = Outline::new(cases, now);
    // Where there is history enough, the rare word stays off the first screen.
    let rare_among = if outline.history >= plants::RARE { outline.history } else { cases };
    Stream { seed, cases, outline, teller: Teller::new(rare_among, now), open: 0, index: 0 }
}

struct Stream {
    seed: u64,
    cases: u64,
    outline: Outline,
    teller: Teller,
    /// How many open conversations, and how many at all, were told.
    open: u64,
    index: u64,
}

impl Iterator for Stream {
    type Item = Seeded;

    fn next(&mut self) -> Option<Seeded> {
        if self.teller.told >= self.cases {
            return None;
        }
        let mut dice = Dice::new(self.seed, self.index);
        let brief = self.outline.brief(self.teller.told, self.open, &mut dice);
        self.open += u64::from(self.teller.told >= self.outline.history);
        self.index += 1;
        Some(self.teller.tell(&brief, &mut dice))
    }
}
