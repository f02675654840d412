//! The order of the day: how many cases are closed, active and pending, and what each conversation is to become.
//! Up to a few dozen cases it lays out one agent's morning by hand; beyond that, two years of history.

use super::book::book;
use super::dice::Dice;
use super::lang::Lang;
use super::people::{AGENTS, Agent, VIEWER};
use super::plot::{Anchor, Brief, Last};
use super::story::Story;
use crate::model::{Channel, Timestamp};
use chrono::TimeDelta;

/// How many cases stand where.
#[derive(Debug, Clone)]
pub struct Outline {
    now: Timestamp,
    cases: u64,
    pub history: u64,
    active: u64,
}

/// Open cases that are told first, by hand.
struct Morning {
    story: &'static str,
    channel: Channel,
    agent: i64,
    /// Minutes since the newest message.
    age: i64,
    /// Does the customer wait?
    waits: bool,
    /// Hours until it comes back to the viewer, and why.
    snooze: Option<(i64, &'static str)>,
}

const fn open(story: &'static str, channel: Channel, agent: i64, age: i64, waits: bool) -> Morning {
    Morning { story, channel, agent, age, waits, snooze: None }
}

const fn snoozed(story: &'static str, channel: Channel, age: i64, hours: i64, why: &'static str) -> Morning {
    Morning { story, channel, agent: VIEWER, age, waits: false, snooze: Some((hours, why)) }
}

static ACTIVE: [Morning; 13] = [
    open("damaged-item", Channel::Chat, VIEWER, 2, true),
    open("double-charge", Channel::Email, VIEWER, 95, true),
    snoozed("warranty", Channel::Email, 900, 5, "parts arrive at the workshop"),
    open("password-reset", Channel::Chat, 11, 4, true),
    open("repas-livraison", Channel::Email, 26, 210, true),
    open("app-crash", Channel::Chat, VIEWER, 9, true),
    snoozed("parcel-lost", Channel::Chat, 190, 22, "carrier answers tomorrow"),
    open("paket-verschwunden", Channel::Chat, 21, 16, false),
    open("appointment-missed", Channel::Voip, VIEWER, 38, true),
    open("size-exchange", Channel::Chat, VIEWER, 14, false),
    open("hassou-chien", Channel::Chat, 14, 6, true),
    snoozed("data-export", Channel::Email, 1500, 27, "export runs over night"),
    open("invoice-wrong", Channel::Email, VIEWER, 250, false),
];

static PENDING: [Morning; 9] = [
    open("promo-code", Channel::Chat, VIEWER, 1, true),
    open("henpin", Channel::Email, 14, 130, true),
    open("missed-call", Channel::Voip, VIEWER, 12, true),
    open("subscription-cancel", Channel::Email, VIEWER, 74, true),
    open("wrong-item", Channel::Chat, VIEWER, 3, true),
    open("pedido-duplicado", Channel::Chat, 23, 7, true),
    open("address-change", Channel::Chat, VIEWER, 2, true),
    open("bulk-order", Channel::Email, VIEWER, 205, true),
    open("taipei-invoice", Channel::Chat, VIEWER, 5, true),
];

/// Every fifth open conversation was closed once before.
fn came_back(index: u64) -> bool {
    index % 5 == 3
}

impl Outline {
    pub fn new(cases: u64, now: Timestamp) -> Self {
        let pending = (cases / 100).max((cases / 5).min(9));
        let active = (cases / 50).max((cases / 3).min(13));
        let open = pending + active;
        let before = if cases < 30 { 0 } else { (0..open).filter(|index| came_back(*index)).count() as u64 };
        Self { now, cases, history: cases - open - before, active }
    }

    /// What the conversation that begins with the `made`th case is to become; `index` counts the open ones.
    pub fn brief(&self, made: u64, index: u64, dice: &mut Dice) -> Brief {
        if made < self.history {
            return self.closed(made, dice);
        }
        let (by_hand, place) = if index < self.active { (ACTIVE.as_slice(), index) } else { (PENDING.as_slice(), index - self.active) };
        let planned = usize::try_from(place).ok().and_then(|at| by_hand.get(at));
        let mut brief = match planned.and_then(|morning| Some((morning, book().story(morning.story)?))) {
            Some((morning, story)) => self.morning(morning, story),
            None => self.ordinary(index, index >= self.active, dice),
        };
        if index >= self.active {
            brief.last = Last::Pending;
        }
        brief.earlier = usize::from(self.cases >= 30 && came_back(index) && made + 1 < self.cases);
        brief
    }

    fn morning(&self, morning: &Morning, story: &'static Story) -> Brief {
        Brief {
            lang: story.lang,
            story,
            channel: morning.channel.clone(),
            earlier: 0,
            last: Last::Active { waits: morning.waits },
            anchor: Anchor::Ends(self.now - TimeDelta::seconds(morning.age * 60 + 17)),
            agent: Agent::named(morning.agent),
            snooze: morning.snooze.map(|(hours, why)| (self.now + TimeDelta::hours(hours), why)),
            fresh: true,
            long: false,
        }
    }

    /// An open case that nobody laid out by hand.
    fn ordinary(&self, index: u64, pending: bool, dice: &mut Dice) -> Brief {
        let mut brief = cast(index.wrapping_mul(7), self.now, pending, dice);
        let waits = dice.chance(620);
        let minutes = match (&brief.channel, waits) {
            (Channel::Chat, true) => dice.between(1, 25) * dice.between(1, 4),
            (_, true) => dice.between(5, 500) * dice.between(1, 3),
            (_, false) => dice.between(20, 7000),
        };
        brief.last = Last::Active { waits };
        brief.anchor = Anchor::Ends(self.now - TimeDelta::seconds(minutes * 60 + dice.between(0, 59)));
        if brief.agent.id == VIEWER && !waits && dice.chance(300) {
            brief.snooze = Some((self.now + TimeDelta::hours(dice.between(1, 70)), "customer answers then"));
        }
        brief
    }

    fn closed(&self, made: u64, dice: &mut Dice) -> Brief {
        let mut brief = cast(made, self.begin(made, dice), false, dice);
        let room = usize::try_from(self.history - made - 1).unwrap_or(0);
        brief.earlier = dice.weighted(&[800, 140, 40, 14, 6]).min(room);
        brief.fresh = self.cases <= 100;
        brief
    }

    /// When a closed conversation began: two years for many cases, mostly the last days for few.
    fn begin(&self, made: u64, dice: &mut Dice) -> Timestamp {
        const MINUTES: u64 = 730 * 24 * 60;
        let left = (self.history - made) * 1000 / self.history.max(1);
        let bend = |times: u32| (0..times).fold(MINUTES, |minutes, _| minutes * left / 1000);
        let minutes = match self.cases {
            0..=300 => bend(4),
            301..=5000 => bend(2),
            _ => MINUTES * (self.history - made) / self.history.max(1),
        };
        let spread = i64::try_from(MINUTES / self.cases.max(1)).unwrap_or(0).min(600);
        let minutes = i64::try_from(minutes).unwrap_or(0) + 55 + dice.between(0, spread);
        self.now - TimeDelta::seconds(minutes * 60 + dice.between(0, 59))
    }
}

/// Who writes about what, and on which channel. What is `new` was begun by the customer.
pub fn cast(index: u64, begins: Timestamp, new: bool, dice: &mut Dice) -> Brief {
    let spoken = Lang::at(dice.weighted(&Lang::SHARES));
    let channel = [Channel::Chat, Channel::Email, Channel::Voip][dice.weighted(&[550, 300, 150])].clone();
    let stories = &book().culture(spoken).stories;
    let fitting: Vec<&'static Story> = stories.iter().filter(|story| story.channels.contains(&channel) && (!new || story.opens())).collect();
    // Neighbours tell different stories, whatever the dice say.
    let at = (usize::try_from(index).unwrap_or(0) * 5 + dice.below(4)) % fitting.len().max(1);
    let (story, channel) = fitting.get(at).map_or_else(|| (&stories[0], stories[0].channels[0].clone()), |story| (*story, channel));
    let agent = if dice.chance(120) { AGENTS[0] } else { Agent::speaking(spoken, dice) };
    let long = spoken == Lang::En && channel == Channel::Chat && dice.chance(25);
    Brief { lang: spoken, story, channel, earlier: 0, last: Last::Closed, anchor: Anchor::Begins(begins), agent, snooze: None, fresh: false, long }
}

#[cfg(test)]
mod tests {
    use super::{ACTIVE, Outline, PENDING};
    use crate::model::Timestamp;
    use crate::server::demo::book::book;

    #[test]
    fn the_morning_tells_stories_that_exist() {
        for morning in ACTIVE.iter().chain(&PENDING) {
            let story = book().story(morning.story);
            assert!(story.is_some_and(|story| story.channels.contains(&morning.channel)), "{}", morning.story);
        }
    }

    #[test]
    fn few_cases_are_mostly_open_and_many_mostly_closed() {
        let history = |cases| Outline::new(cases, Timestamp::UNIX_EPOCH).history;
        assert_eq!((history(0), history(3), history(40), history(100_000)), (0, 2, 15, 96_400));
        assert!((0..200).all(|cases| Outline::new(cases, Timestamp::UNIX_EPOCH).history <= cases));
    }
}
