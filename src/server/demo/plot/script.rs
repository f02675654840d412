//! Which turns of a story a case plays, and how long people take between them.
//! A script is chosen before anything is dated, so that a conversation can be laid to end at a given moment.

use super::super::book::book;
use super::super::dice::Dice;
use super::super::story::{Story, Turn, Voice};
use super::{Brief, Last};
use crate::model::Channel;

/// A turn, and the seconds since the one before.
pub struct Line {
    pub turn: &'static Turn,
    pub gap: i64,
}

/// One case of a conversation.
pub struct Script {
    pub lines: Vec<Line>,
    /// Seconds since the case before was closed.
    pub pause: i64,
    /// Seconds from the last line to the closing, 0 where it stays open.
    pub closing: i64,
}

impl Script {
    pub fn seconds(&self) -> i64 {
        self.pause + self.lines.iter().map(|line| line.gap).sum::<i64>() + self.closing
    }

    /// Every wait shortened so that what took `was` seconds takes `is`.
    pub fn squeeze(&mut self, was: i64, is: i64) {
        let shorter = |seconds: i64| (seconds * is / was.max(1)).max(1);
        self.pause = if self.pause == 0 { 0 } else { shorter(self.pause) };
        self.closing = shorter(self.closing);
        self.lines.iter_mut().skip(1).for_each(|line| line.gap = shorter(line.gap));
    }
}

/// No thread has more messages.
pub const LONGEST: usize = 40;

/// The scripts of a conversation's cases, oldest first.
pub fn scripts(brief: &Brief, dice: &mut Dice) -> Vec<Script> {
    let mut scripts = Vec::new();
    let mut room = LONGEST;
    for at in 0..=brief.earlier {
        let Some(part) = part(brief.story, brief, at) else { break };
        let last = if at == brief.earlier { brief.last } else { Last::Closed };
        let mut turns = play(part, last, brief, dice);
        // Joined and closed may be told as events of the case.
        turns.truncate(room.saturating_sub(2));
        room = room.saturating_sub(turns.len() + 2);
        if turns.is_empty() {
            break;
        }
        let pause = if at == 0 { 0 } else { dice.between(5 * 3600, 9 * 86_400) };
        let closing = if last == Last::Closed { dice.between(60, 2400) } else { 0 };
        scripts.push(Script { lines: lines(turns, &brief.channel, dice), pause, closing });
    }
    scripts
}

/// The turns that a case can play: of its story, then of the language's parts for old acquaintances, then of another story.
fn part(story: &'static Story, brief: &Brief, at: usize) -> Option<&'static [Turn]> {
    let culture = book().culture(brief.lang);
    if let Some(part) = story.parts.get(at) {
        return Some(part);
    }
    let beyond = at - story.parts.len();
    let again = || culture.again.as_ref()?.parts.get(beyond);
    let fits = |other: &&Story| other.key != story.key && other.channels.contains(&brief.channel);
    let other = || culture.stories.iter().filter(fits).nth(beyond)?.parts.first();
    again().or_else(other).or(story.parts.first()).map(Vec::as_slice)
}

fn play(part: &'static [Turn], last: Last, brief: &Brief, dice: &mut Dice) -> Vec<&'static Turn> {
    let opening = part.iter().take_while(|turn| turn.voice.opens()).count();
    let mut turns: Vec<&'static Turn> = match last {
        Last::Pending => part.iter().take(opening.max(1)).collect(),
        Last::Active { waits } => {
            let fits = |at: &usize| *at >= opening && (part[*at].voice == Voice::Customer) == waits && !part[*at].voice.is_note();
            let mut ends: Vec<usize> = (0..part.len().saturating_sub(1)).filter(fits).collect();
            if brief.fresh {
                ends.drain(..ends.len() / 2);
            }
            let end = if ends.is_empty() { opening.max(1) } else { dice.pick(&ends) + 1 };
            part.iter().take(end).collect()
        }
        Last::Closed => closed(part, brief, dice),
    };
    if brief.long {
        stretch(&mut turns, brief, dice);
    }
    turns
}

/// A closed case ends with an agent's word or at the story's end.
fn closed(part: &'static [Turn], brief: &Brief, dice: &mut Dice) -> Vec<&'static Turn> {
    const LENGTHS: [usize; 16] = [1, 2, 2, 3, 3, 4, 5, 5, 6, 6, 7, 7, 8, 9, 12, 15];
    let wanted = if brief.fresh { part.len() } else { dice.pick(&LENGTHS) };
    let enough = |at: usize| at >= part.len() || at >= wanted && matches!(part[at - 1].voice, Voice::Agent | Voice::Missed | Voice::Talk) || wanted == 1;
    let end = (1..=part.len()).find(|at| enough(*at)).unwrap_or(part.len());
    part.iter().take(end).collect()
}

/// Small talk before the end, up to the longest thread.
fn stretch(turns: &mut Vec<&'static Turn>, brief: &Brief, dice: &mut Dice) {
    let Some(asides) = book().culture(brief.lang).asides.as_ref().and_then(|story| story.parts.first()) else { return };
    let Some(place) = turns.iter().rposition(|turn| turn.voice == Voice::Agent).map(|at| at + 1) else { return };
    let pairs = dice.between(5, 14);
    let start = dice.below(asides.len() / 2);
    let picked = (0..usize::try_from(pairs).unwrap_or(0)).flat_map(|pair| asides.iter().skip((start + pair) * 2 % asides.len()).take(2));
    turns.splice(place..place, picked);
}

fn lines(turns: Vec<&'static Turn>, channel: &Channel, dice: &mut Dice) -> Vec<Line> {
    let mut before = None;
    let mut lines = Vec::with_capacity(turns.len());
    for turn in turns {
        let gap = before.map_or(0, |before| wait(before, turn.voice, lines.len(), channel, dice));
        before = Some(turn.voice);
        lines.push(Line { turn, gap });
    }
    lines
}

fn wait(before: Voice, now: Voice, at: usize, channel: &Channel, dice: &mut Dice) -> i64 {
    match (channel, before, now) {
        (_, _, now) if now.is_note() => dice.between(20, 600),
        (_, Voice::Missed, Voice::Customer) => dice.between(20, 90),
        (Channel::Email, _, Voice::Agent) => dice.between(900, 30_000),
        (Channel::Email, ..) => dice.between(1200, 70_000),
        (Channel::Voip, ..) => dice.between(120, 9000),
        (_, a, b) if a == b => dice.between(5, 50),
        _ if at < 3 => dice.between(20, 600),
        _ => dice.between(12, 240),
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, scripts};
    use crate::model::{Channel, Timestamp};
    use crate::server::demo::book::book;
    use crate::server::demo::dice::Dice;
    use crate::server::demo::lang::Lang;
    use crate::server::demo::people::AGENTS;
    use crate::server::demo::plot::{Anchor, Brief, Last};
    use crate::server::demo::story::Voice;

    fn brief(last: Last) -> Brief {
        let story = &book().culture(Lang::En).stories[0];
        let anchor = Anchor::Ends(Timestamp::UNIX_EPOCH);
        Brief { lang: Lang::En, story, channel: Channel::Chat, earlier: 0, last, anchor, agent: AGENTS[0], snooze: None, fresh: false, long: false }
    }

    #[test]
    fn a_case_stands_where_its_status_says() {
        let mut dice = Dice::new(5, 5);
        for _ in 0..200 {
            let voices = |last, dice: &mut Dice| -> Vec<Voice> { scripts(&brief(last), dice)[0].lines.iter().map(|line| line.turn.voice).collect() };
            assert!(voices(Last::Pending, &mut dice).iter().all(|voice| voice.opens()));
            assert_eq!(voices(Last::Active { waits: true }, &mut dice).last(), Some(&Voice::Customer));
            assert_eq!(voices(Last::Active { waits: false }, &mut dice).last(), Some(&Voice::Agent));
        }
    }

    #[test]
    fn the_longest_thread_is_long_and_no_longer() {
        let mut dice = Dice::new(6, 6);
        let lengths = (0..300).map(|_| {
            let brief = Brief { long: true, earlier: 4, ..brief(Last::Closed) };
            scripts(&brief, &mut dice).iter().map(|script| script.lines.len() + 2).sum::<usize>()
        });
        let longest = lengths.max();
        assert!(longest.is_some_and(|most| most > LONGEST / 2 && most <= LONGEST), "{longest:?}");
    }
}
