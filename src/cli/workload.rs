//! `caseload workload`: what came and went, and who waits. Read from the cache alone.

use super::args::Workload as Args;
use super::desk::Desk;
use super::fault::Fault;
use super::out::Out;
use crate::app::workload::lines;
use crate::model::workload::Workload;
use serde_json::{Value, json};

const WIDTH: usize = 80;

pub fn tell(desk: &Desk, args: Args, out: &mut Out) -> Result<(), Fault> {
    let load = desk.store()?.seeker(desk.now)?.workload(args.hours)?;
    if out.json {
        return out.object(&object(&load));
    }
    out.lines(lines(&load, Out::width().unwrap_or(WIDTH), &desk.zone, desk.now))
}

/// Times in seconds, scores from 0 to 5, views by their words.
fn object(load: &Workload) -> Value {
    let wait = |percent| load.wait(percent).map(|wait| wait.num_seconds());
    let took = |percent| load.took(percent).map(|took| took.num_seconds());
    let hours: Vec<Value> = load.hours.iter().map(|hour| json!({"dateBegin": hour.begins, "created": hour.came, "closed": hour.went})).collect();
    let open: serde_json::Map<String, Value> = load.open().map(|(view, count)| (view.title().to_lowercase(), count.into())).collect();
    json!({
        "hours": hours,
        "created": load.came(),
        "closed": load.went(),
        "waiting": {"cases": load.waits.len(), "medianSeconds": wait(50), "p90Seconds": wait(90), "longestSeconds": wait(100), "longestCase": load.longest},
        "taken": {"cases": load.taken.len(), "medianSeconds": took(50), "p90Seconds": took(90)},
        "feedback": {"scores": load.scores, "mean": load.mean_score().map(|mean| f64::from(u32::try_from(mean).unwrap_or(u32::MAX)) / 100.0)},
        "open": open,
        "dateRead": load.read,
    })
}
