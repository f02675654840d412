//! What customers do while the demo runs: somebody answers every 5 to 20 seconds, a new case comes every 30 to 60.
//! A seeded stream of acts with the time until each; whoever drives it owns the clock and the database.

use super::book::book;
use super::dice::Dice;
use super::lang::Lang;
use super::outline::cast;
use super::plot::{Last, Teller};
use crate::model::{Case, CaseId, Channel, ContactId, MessageId, SenderType, Status, ThreadId, Timestamp};
use crate::server::seed::Seeded;
use chrono::TimeDelta;
use std::collections::VecDeque;
use std::time::Duration;

/// What a customer does.
pub enum Act {
    Write {
        case: CaseId,
        text: String,
    },
    /// A new pending case. Its ids are 0: the database gives them.
    Arrive(Seeded),
    Nothing,
}

/// The customers of a running demo.
pub struct Customers {
    dice: Dice,
    now: Timestamp,
    /// Seconds until somebody answers, and until a new case comes.
    answer: i64,
    arrival: i64,
    arrived: u64,
    /// What was written last, and to which cases.
    said: VecDeque<&'static str>,
    wrote: VecDeque<CaseId>,
}

impl Customers {
    pub fn new(seed: u64, now: Timestamp) -> Self {
        let mut dice = Dice::new(seed, u64::MAX);
        let (answer, arrival) = (dice.between(5, 12), dice.between(20, 40));
        Self { dice, now, answer, arrival, arrived: 0, said: VecDeque::new(), wrote: VecDeque::new() }
    }

    /// The next act, and how long after the one before it happens.
    pub fn next(&mut self, open: &[Case]) -> (Duration, Act) {
        let seconds = self.answer.min(self.arrival);
        self.now += TimeDelta::seconds(seconds);
        self.answer -= seconds;
        self.arrival -= seconds;
        let act = if self.arrival == 0 {
            self.arrival = self.dice.between(30, 60);
            Act::Arrive(self.arrive())
        } else {
            self.answer = self.dice.between(5, 20);
            self.write(open)
        };
        if self.answer == 0 {
            self.answer = 1;
        }
        (Duration::from_secs(u64::try_from(seconds).unwrap_or(1)), act)
    }

    fn arrive(&mut self) -> Seeded {
        self.arrived += 1;
        let mut brief = cast(self.arrived * 3, self.now, true, &mut self.dice);
        brief.last = Last::Pending;
        brief.anchor = super::plot::Anchor::Ends(self.now);
        brief.fresh = true;
        let mut teller = Teller::new(0, self.now);
        teller.ids.contact += i64::try_from(self.arrived + 40).unwrap_or(0);
        let mut seeded = teller.tell(&brief, &mut self.dice);
        unnumber(&mut seeded);
        seeded
    }

    /// Only active cases accept messages. Who was answered last is the likeliest to write.
    fn write(&mut self, open: &[Case]) -> Act {
        let active: Vec<&Case> = open.iter().filter(|case| case.status == Status::Active).collect();
        let answered: Vec<&Case> = active.iter().copied().filter(|case| !waits(case)).collect();
        let from = if !answered.is_empty() && self.dice.chance(700) { &answered } else { &active };
        let rested: Vec<&Case> = from.iter().copied().filter(|case| !self.wrote.contains(&case.id)).collect();
        let from = if rested.is_empty() { from } else { &rested };
        let Some(case) = from.get(self.dice.below(from.len())) else { return Act::Nothing };
        remember(&mut self.wrote, case.id, 5);
        Act::Write { case: case.id, text: self.words(case) }
    }

    /// Something that was not said lately, in the language of the case.
    fn words(&mut self, case: &Case) -> String {
        let mood = match (waits(case), &case.channel) {
            (true, _) => "impatient",
            (false, Channel::Voip) => "sms",
            (false, _) => "answer",
        };
        let code = language(case).code();
        let moods = [format!("reply.{code}.{mood}"), format!("reply.{code}.answer"), format!("reply.en.{mood}")];
        let list = moods.iter().map(|key| book().list(key)).find(|list| !list.is_empty()).unwrap_or_default();
        let new: Vec<&'static str> = list.iter().copied().filter(|line| !self.said.contains(line)).collect();
        let words = if new.is_empty() { self.dice.pick(list) } else { self.dice.pick(&new) };
        remember(&mut self.said, words, 30);
        words.to_owned()
    }
}

fn remember<T>(memory: &mut VecDeque<T>, item: T, most: usize) {
    memory.push_back(item);
    if memory.len() > most {
        memory.pop_front();
    }
}

fn waits(case: &Case) -> bool {
    case.last_message.as_ref().is_some_and(|message| message.from_contact())
}

/// As the contact's card says, else as the script of the newest text shows.
fn language(case: &Case) -> Lang {
    let known = case.contact.as_ref().and_then(|contact| contact.field("language"));
    known.and_then(|code| Lang::parse(code.raw())).unwrap_or_else(|| script(case.description.raw()))
}

fn script(text: &str) -> Lang {
    let found = text.chars().find_map(|c| match c {
        '\u{3040}'..='\u{30ff}' => Some(Lang::Ja),
        '\u{ac00}'..='\u{d7af}' => Some(Lang::Ko),
        '\u{0600}'..='\u{06ff}' => Some(Lang::Ar),
        '\u{0590}'..='\u{05ff}' => Some(Lang::He),
        '\u{0e00}'..='\u{0e7f}' => Some(Lang::Th),
        '\u{0900}'..='\u{097f}' => Some(Lang::Hi),
        _ => None,
    });
    let han = || text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    found.unwrap_or_else(|| if han() { Lang::Zh } else { Lang::En })
}

/// Takes the ids out again.
fn unnumber(seeded: &mut Seeded) {
    seeded.contact.id = ContactId(0);
    for case in &mut seeded.cases {
        (case.id, case.thread_id, case.contact_id) = (CaseId(0), ThreadId(0), Some(ContactId(0)));
        case.contact = Some(seeded.contact.clone());
        for message in case.messages.iter_mut().chain(case.last_message.as_deref_mut()) {
            (message.id, message.case_id, message.thread_id, message.contact_id) = (MessageId(0), CaseId(0), ThreadId(0), Some(ContactId(0)));
            if message.sender_type == SenderType::Contact {
                message.sender_id = Some(0);
                message.sender.iter_mut().for_each(|sender| sender.id = 0);
            }
        }
        for user in &mut case.users {
            (user.id, user.case_id) = (0, CaseId(0));
            if user.kind == SenderType::Contact {
                user.user_id = 0;
            }
        }
        for row in &mut case.timeline {
            (row.id, row.case_id, row.thread_id) = (0, Some(CaseId(0)), Some(ThreadId(0)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Customers, Lang, language, script};
    use crate::model::{Case, CaseId, Status, date};
    use crate::server::demo::conversations;

    fn open() -> Vec<Case> {
        let now = date::parse("2026-11-23T09:00:00Z").unwrap();
        conversations(60, 1, now).flat_map(|seeded| seeded.cases).filter(|case| case.status != Status::Closed).collect()
    }

    #[test]
    fn customers_write_to_active_cases_and_new_ones_arrive() {
        let (cases, now) = (open(), date::parse("2026-11-23T09:00:00Z").unwrap());
        let mut customers = Customers::new(1, now);
        let (mut written, mut arrived, mut seconds) = (0, 0, 0);
        for _ in 0..400 {
            let (delay, act) = customers.next(&cases);
            seconds += delay.as_secs();
            match act {
                Act::Write { case, text } => {
                    written += 1;
                    assert!(!text.is_empty() && cases.iter().any(|open| open.id == case && open.status == Status::Active));
                }
                Act::Arrive(seeded) => {
                    arrived += 1;
                    let case = &seeded.cases[0];
                    assert_eq!((case.id, &case.status, case.users[0].user_id), (CaseId(0), &Status::Pending, 0));
                    assert!(!case.messages.is_empty() && case.messages.iter().all(|message| message.id.0 == 0));
                }
                Act::Nothing => panic!("there are open cases"),
            }
        }
        assert!((5..=20).contains(&(seconds / written)) && (30..=60).contains(&(seconds / arrived)), "{seconds} s: {written} written, {arrived} arrived");
    }

    #[test]
    fn the_same_seed_does_the_same() {
        let (cases, now) = (open(), date::parse("2026-11-23T09:00:00Z").unwrap());
        let story = |seed| -> Vec<String> {
            let mut customers = Customers::new(seed, now);
            let act = |_| match customers.next(&cases) {
                (delay, Act::Write { case, text }) => format!("{delay:?} {case} {text}"),
                (delay, Act::Arrive(seeded)) => format!("{delay:?} {:?}", seeded.cases),
                (_, Act::Nothing) => String::new(),
            };
            (0..30).map(act).collect()
        };
        assert_eq!(story(4), story(4));
        assert_ne!(story(4), story(5));
    }

    #[test]
    fn nothing_happens_where_nothing_is_open() {
        let mut customers = Customers::new(1, date::parse("2026-11-23T09:00:00Z").unwrap());
        assert!(matches!(customers.next(&[]).1, Act::Nothing));
    }

    #[test]
    fn a_language_is_told_from_its_script() {
        assert_eq!((script("届きません"), script("還沒到"), script("לא הגיע"), script("late")), (Lang::Ja, Lang::Zh, Lang::He, Lang::En));
        assert_eq!(language(&Case { description: "배송".into(), ..Case::default() }), Lang::Ko);
    }
}
