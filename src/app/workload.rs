//! The workload in lines: bars of the hours with their figures beside them, so that it can be read aloud as well.

use super::lines::time::{span, stamp_in};
use super::lines::wrap::{clip, wrap};
use super::page::{self, Content, Page};
use super::{Effect, State};
use crate::model::Timestamp;
use crate::model::workload::{Hour, Workload};
use crate::model::zone::Zone;

/// So many hours are shown.
const HOURS: u16 = 24;

/// Opens the page and has the cache asked.
pub fn show(state: &mut State) -> Vec<Effect> {
    page::open(state, "Workload".to_owned(), Content::Workload { load: None, reading: true });
    vec![Effect::Workload(HOURS)]
}

/// A pull brought something: what the page tells is told anew, and stands there until then. One reading at a time.
pub fn again(state: &mut State) -> Option<Effect> {
    let Some(Page { content: Content::Workload { reading, .. }, .. }) = &mut state.log.page else { return None };
    (!std::mem::replace(reading, true)).then_some(Effect::Workload(HOURS))
}

pub fn read(state: &mut State, result: Result<Workload, String>) -> Vec<Effect> {
    if let Some(Page { content: Content::Workload { load, reading }, .. }) = &mut state.log.page {
        *reading = false;
        // Figures that were read once are worth more than why there are no newer ones.
        if result.is_ok() || load.is_none() {
            *load = Some(result);
        }
    }
    Vec::new()
}

/// The picture in so many cells.
pub fn lines(load: &Workload, width: usize, zone: &Zone, now: Timestamp) -> Vec<String> {
    let open: Vec<String> = load.open().map(|(view, count)| format!("{} {count}", view.title().to_lowercase())).collect();
    let read = load.read.map_or("never read whole yet".to_owned(), |read| format!("as read {}", stamp_in(read, now, zone)));
    let source = format!("From the cache of this machine, {read}.");
    let words = [waiting(load), taken(load), feedback(load), format!("now      {}", open.join(", ")), source];
    let mut lines: Vec<String> = words.iter().flat_map(|line| wrap(line, width)).collect();
    lines.extend([String::new(), format!("last {} hours: {} in, {} out", load.hours.len(), load.came(), load.went())]);
    let most = load.hours.iter().map(|hour| hour.came.max(hour.went)).max().unwrap_or(0).max(1);
    // Over more than a day an hour has its weekday.
    let (pattern, clock) = if load.hours.len() > usize::from(HOURS) { ("%a %H:%M", 9) } else { ("%H:%M", 5) };
    // The hour, two figures with a word each, and a blank on both sides of a bar.
    let room = width.saturating_sub(clock + 1 + 2 * 10).clamp(2, 60) / 2;
    lines.extend(load.hours.iter().rev().map(|hour| clip(&bars(hour, most, room, zone, pattern), width)));
    lines
}

/// `09:00   ███████ 12 in   ████ 7 out`
fn bars(hour: &Hour, most: u64, room: usize, zone: &Zone, pattern: &str) -> String {
    let clock = zone.local(hour.begins).format(pattern).to_string();
    let bar = |count: u64| {
        let cells = usize::try_from(count.saturating_mul(room as u64).div_ceil(most)).unwrap_or(room).min(room);
        format!("{}{}", "█".repeat(cells), " ".repeat(room - cells))
    };
    format!("{clock} {} {:>4} in  {} {:>4} out", bar(hour.came), hour.came, bar(hour.went), hour.went).trim_end().to_owned()
}

fn waiting(load: &Workload) -> String {
    match (load.wait(50), load.wait(90), load.wait(100)) {
        (Some(median), Some(most), Some(longest)) => {
            let case = load.longest.map_or_else(String::new, |case| format!(" (#{case})"));
            let (count, median, most, longest) = (load.waits.len(), span(median), span(most), span(longest));
            format!("waiting  {count} for an answer: half of them {median} or less, nine in ten {most}, longest {longest}{case}")
        }
        _ => "waiting  nobody waits for an answer".to_owned(),
    }
}

fn taken(load: &Workload) -> String {
    match (load.took(50), load.took(90)) {
        (Some(median), Some(most)) => {
            format!("taken    {} of these hours from the queue: half of them within {}, nine in ten {}", load.taken.len(), span(median), span(most))
        }
        _ => "taken    none of these hours from the queue".to_owned(),
    }
}

fn feedback(load: &Workload) -> String {
    let Some(mean) = load.mean_score() else { return "feedback none for these cases".to_owned() };
    let scores: Vec<String> = (0..6).rev().filter(|score| load.scores[*score] > 0).map(|score| format!("{score}★ {}", load.scores[score])).collect();
    format!("feedback {}.{:02} of 5: {}", mean / 100, mean % 100, scores.join(", "))
}
