//! A server without extensions: its open cases are listed page by page and compared with ours; a full pull lists all
//! statuses. A server that ignores `page` is noticed, and said to be incomplete when it has more than it shows.

use super::fetch::store;
use super::pull::{LIMIT, Pull};
use super::{Answer, now};
use crate::api::{CasesAsk, Problem, ProblemKind, Where};
use crate::model::{Case, CaseId};
use std::collections::BTreeSet;

/// Lists and compares.
pub(super) async fn cases<F: FnMut(Answer) + Send>(pull: &mut Pull<'_, F>) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for status in ["pending", "active"] {
        list(pull, Some(status), &mut seen).await?;
    }
    let gone: Vec<CaseId> = store(pull.sink.open_cases())?.into_iter().filter(|case| !seen.contains(case)).collect();
    if pull.plan.full {
        list(pull, Some("closed"), &mut seen).await?;
        // Words of status that we do not know are only in the whole list.
        list(pull, None, &mut seen).await?;
    }
    for case in gone {
        if !(pull.plan.full && seen.contains(&case)) {
            again(pull, case).await?;
        }
    }
    Ok(())
}

/// A case that was open and is not listed any more: closed, or gone.
async fn again<F: FnMut(Answer) + Send>(pull: &mut Pull<'_, F>, id: CaseId) -> Result<(), Problem> {
    match pull.server.api.case(id).await {
        Ok(case) => {
            let report = store(pull.sink.cases(&[case], pull.plan.fold, now()))?;
            pull.report.changed.extend(report.changed);
            Ok(())
        }
        Err(problem) if problem.kind == ProblemKind::NotFound => {
            pull.report.changed.push(id);
            store(pull.sink.forget(id))
        }
        Err(problem) => Err(problem),
    }
}

/// All pages of one status, or of everything.
async fn list<F: FnMut(Answer) + Send>(pull: &mut Pull<'_, F>, status: Option<&str>, seen: &mut BTreeSet<CaseId>) -> Result<(), Problem> {
    let filter: Vec<Where> = status.iter().map(|status| Where::new("status", "eq", *status)).collect();
    let mut here: BTreeSet<CaseId> = BTreeSet::new();
    for number in 0.. {
        let ask = CasesAsk { filter: filter.clone(), order: None, page: number, limit: LIMIT };
        let page = pull.server.api.cases(&ask).await?;
        let fresh = page.items.iter().filter(|case| here.insert(case.id)).count();
        let fits = |case: &Case| status.is_none_or(|status| case.status.as_str() == status);
        seen.extend(page.items.iter().filter(|case| fits(case) || status.is_none()).map(|case| case.id));
        pull.write(&page, page.count)?;
        let whole = page.count.is_some_and(|count| here.len() as u64 >= count);
        if whole || page.items.is_empty() {
            return Ok(());
        }
        if fresh == 0 {
            stuck(pull, status, &here, page.count);
            return Ok(());
        }
        // Without a count, a page that is not full is the last one.
        if page.count.is_none() && page.limit.is_some_and(|limit| page.items.len() < usize::try_from(limit).unwrap_or(usize::MAX)) {
            return Ok(());
        }
    }
    Ok(())
}

/// The same page again: the server ignores `page`, and the rest can't be reached.
fn stuck<F>(pull: &mut Pull<'_, F>, status: Option<&str>, here: &BTreeSet<CaseId>, count: Option<u64>) {
    let known = here.len();
    match count {
        Some(count) if count > known as u64 => {
            let what = status.unwrap_or("all");
            pull.report.incomplete = Some(format!("the server ignores the page number: {known} of {count} cases ({what}) can be reached"));
        }
        _ => {}
    }
}
