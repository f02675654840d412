//! Cases of a view picked by a rule: bounded, in the order of the list, for a connection beside the loop.

use super::line::Line;
use super::sieve::Sieve;
use super::window::Beside;
use super::{Cache, mask};
use crate::model::alike::{Said, Why, alike};
use crate::model::pick::{How, MOST, Pick, Picked};
use crate::model::{CaseId, Untrusted, View, WindowAsk};
use crate::store::error::Cause;
use rusqlite::params;

/// So many cases of a view are looked at for those that are alike.
const COMPARED: usize = 5_000;

impl Cache {
    pub(in crate::store) fn pick(&self, pick: &Pick, beside: &Beside) -> Result<Picked, Cause> {
        let limit = if matches!(pick.how, How::Like(_)) { COMPARED } else { MOST };
        let (lines, more) = match pick.how {
            How::Between(one, other) => self.between(pick, beside, one, other)?,
            _ => self.lines(&asked(pick), beside, None, limit)?,
        };
        if let How::Like(case) = pick.how {
            return self.like(pick, case, &lines, more);
        }
        Ok(Picked { pick: pick.clone(), cases: lines.iter().map(|line| line.case).collect(), more, why: String::new() })
    }

    /// From where the first of the two stands to the other.
    fn between(&self, pick: &Pick, beside: &Beside, one: CaseId, other: CaseId) -> Result<(Vec<Line>, bool), Cause> {
        let ask = asked(pick);
        let sieve = Sieve::new(self, &ask, beside)?;
        let place = |case: CaseId| Ok::<_, Cause>(sieve.place(case)?.map(|sort| (sort, case.0)));
        let (Some(from), Some(to)) = (place(one)?, place(other)?) else { return Ok((Vec::new(), false)) };
        let (from, to) = (from.min(to), from.max(to));
        let (lines, more) = self.lines(&ask, beside, Some(from), MOST)?;
        let mut inside = Vec::new();
        for line in lines {
            if place(line.case)?.is_some_and(|at| at > to) {
                return Ok((inside, false));
            }
            inside.push(line);
        }
        Ok((inside, more))
    }

    fn like(&self, pick: &Pick, case: CaseId, lines: &[Line], more: bool) -> Result<Picked, Cause> {
        let Some(one) = self.line(case)? else { return Ok(Picked { pick: pick.clone(), cases: Vec::new(), more, why: String::new() }) };
        let others: Vec<&Line> = lines.iter().filter(|line| line.case != case).collect();
        let found = alike(&said(&one), &others.iter().map(|line| said(line)).collect::<Vec<_>>());
        let mut alike: Vec<(CaseId, Why)> = others.iter().zip(found).filter_map(|(line, why)| Some((line.case, why?))).collect();
        let over = alike.len() >= MOST;
        alike.truncate(MOST - 1);
        let why = words(&one, alike.iter().map(|(_, why)| why));
        let cases = std::iter::once(case).chain(alike.into_iter().map(|(case, _)| case)).collect();
        Ok(Picked { pick: pick.clone(), cases, more: more || over, why })
    }

    /// Those of these cases that the view lists.
    pub(in crate::store) fn kept_in(&self, view: View, cases: &[CaseId]) -> Result<Vec<CaseId>, Cause> {
        let sql = "SELECT case_id FROM line WHERE case_id IN (SELECT value FROM json_each(?1)) AND listed & ?2 <> 0";
        self.ids(sql, params![serde_json::to_string(cases)?, mask(view)])
    }
}

fn asked(pick: &Pick) -> WindowAsk {
    WindowAsk { view: pick.view, filter: pick.filter.clone(), sort: pick.sort, ..WindowAsk::default() }
}

fn said(line: &Line) -> Said {
    let text = line.facts.opening.as_ref().or(line.talk.said.as_ref());
    Said::new(&line.facts.title, text.map_or("", String::as_str))
}

/// `same subject "Tracking stuck"`; several reasons with how many have each.
fn words<'w>(one: &Line, found: impl Iterator<Item = &'w Why>) -> String {
    let (mut subject, mut nearly, mut shared, mut rare) = (0, 0, 0, Vec::<&str>::new());
    for why in found {
        match why {
            Why::Subject => subject += 1,
            Why::Words => nearly += 1,
            Why::Rare(words) => {
                shared += 1;
                let fresh: Vec<&str> = words.iter().map(String::as_str).filter(|word| !rare.contains(word)).collect();
                rare.extend(fresh);
            }
        }
    }
    rare.truncate(3);
    let rare = rare.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let title = Untrusted::from(one.facts.title.as_str()).brief(40);
    let reasons = [(subject, format!("same subject \"{title}\"")), (nearly, "nearly the same words".to_owned()), (shared, format!("they share {rare}"))];
    let reasons: Vec<_> = reasons.into_iter().filter(|(count, _)| *count > 0).collect();
    if let [(_, only)] = &reasons[..] {
        return only.clone();
    }
    reasons.iter().map(|(count, reason)| format!("{count}: {reason}")).collect::<Vec<_>>().join("; ")
}
