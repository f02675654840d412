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
    page::open(state, "Workload".to_owned(), Content::Workload(None));
    vec![Effect::Workload(HOURS)]
}

pub fn read(state: &mut State, result: Result<Workload, String>) -> Vec<Effect> {
    if let Some(Page { content: Content::Workload(load), .. }) = &mut state.log.page {
        *load = Some(result);
    }
    Vec::new()
}

/// The picture in so many cells.
pub fn lines(load: &Workload, width: usize, zone: &Zone, now: Timestamp) -> Vec<String> {
    let open: Vec<String> = load.open().map(|(view, count)| format!("{} {count}", view.title().to_lowercase())).collect();
    let read = load.read.map_or("never read whole yet".to_owned(), |read| format!("as read {}", stamp_in(read, now, zone)));
    let source = format!("From the cache of this machine, {read}.");
    let words = [waiting(load), feedback(load), format!("now      {}", open.join(", ")), source];
    let mut lines: Vec<String> = words.iter().flat_map(|line| wrap(line, width)).collect();
    lines.extend([String::new(), format!("last {} hours: {} in, {} out", load.hours.len(), load.came(), load.went())]);
    let most = load.hours.iter().map(|hour| hour.came.max(hour.went)).max().unwrap_or(0).max(1);
    // The hour, two figures with a word each, and a blank on both sides of a bar.
    let room = width.saturating_sub(6 + 2 * 10).clamp(2, 60) / 2;
    lines.extend(load.hours.iter().rev().map(|hour| clip(&bars(hour, most, room, zone), width)));
    lines
}

/// `09:00   ███████ 12 in   ████ 7 out`
fn bars(hour: &Hour, most: u64, room: usize, zone: &Zone) -> String {
    let clock = zone.local(hour.begins).format("%H:%M").to_string();
    let bar = |count: u64| {
        let cells = usize::try_from(count.saturating_mul(room as u64).div_ceil(most)).unwrap_or(room).min(room);
        format!("{}{}", "█".repeat(cells), " ".repeat(room - cells))
    };
    format!("{clock} {} {:>4} in  {} {:>4} out", bar(hour.came), hour.came, bar(hour.went), hour.went).trim_end().to_owned()
}

fn waiting(load: &Workload) -> String {
    match (load.wait(50), load.wait(90), load.wait(100)) {
        (Some(median), Some(most), Some(longest)) => {
            format!("waiting  {} for an answer: half of them {} or less, nine in ten {}, longest {}", load.waits.len(), span(median), span(most), span(longest))
        }
        _ => "waiting  nobody waits for an answer".to_owned(),
    }
}

fn feedback(load: &Workload) -> String {
    let Some(mean) = load.mean_score() else { return "feedback none for these cases".to_owned() };
    let scores: Vec<String> = (0..6).rev().filter(|score| load.scores[*score] > 0).map(|score| format!("{score}★ {}", load.scores[score])).collect();
    format!("feedback {}.{:02} of 5: {}", mean / 100, mean % 100, scores.join(", "))
}
