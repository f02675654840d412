//! A pull: what changed at the server since the cursor, into the cache, piece by piece beside the loop. With our own
//! server it walks by id at first and by change date after; any other server is listed page by page and compared.

use super::fetch::{mails, store, transcript};
use super::{Answer, Server, now, vendor};
use crate::api::{CasesAsk, Hello, MessagesAsk, Page, Problem, ProblemKind, Where};
use crate::app::{Event, PullPlan, PullReport};
use crate::model::{Case, CaseId, Channel, Message, ThreadId, Timestamp, date};
use crate::store::Sink;
use chrono::Duration;
use std::collections::BTreeSet;

/// Rows of one page.
pub(super) const LIMIT: u32 = 200;
/// What changed this long before the cursor is read again: clocks and commits are not in step.
const OVERLAP: Duration = Duration::seconds(5);
/// Messages are mirrored of cases that are open or changed within this time.
const RECENT: Duration = Duration::days(30);
/// Cases whose messages are asked for at once.
const CASES_AT_ONCE: usize = 40;

/// A running pull.
pub(super) struct Pull<'p, F> {
    pub server: &'p Server,
    pub sink: Sink,
    pub plan: PullPlan,
    pub tell: F,
    pub report: PullReport,
    done: u64,
    told: Option<Timestamp>,
}

/// Reads everything that the plan asks for; what it could not reach stands in the report.
pub(super) async fn pull<F: FnMut(Answer) + Send>(server: &Server, sink: Sink, plan: PullPlan, tell: F) -> Result<PullReport, Problem> {
    let hello = server.hello().await?;
    let mut pull = Pull { server, sink, plan, tell, report: PullReport::default(), done: 0, told: None };
    let began = now();
    store(pull.sink.begin())?;
    pull.greet(&hello).await?;
    if hello.extensions.where_operators && hello.extensions.order {
        pull.cases().await?;
    } else {
        vendor::cases(&mut pull).await?;
    }
    pull.transcripts(&hello).await?;
    if pull.report.incomplete.is_none() {
        store(pull.sink.complete(began))?;
    }
    pull.report.spoke = pull.sink.spoke();
    Ok(pull.report)
}

impl<F: FnMut(Answer) + Send> Pull<'_, F> {
    /// Who we are, and who else is there: asked with every full pull.
    async fn greet(&mut self, hello: &Hello) -> Result<(), Problem> {
        if let Some(me) = &hello.me {
            self.sink.acts_as(me);
        }
        (self.tell)(Answer::Greeting(Box::new(hello.clone())));
        if self.plan.full || !store(self.sink.knows_account())? {
            // Words for pickers: what a server does not tell is done without.
            let account = self.server.api.account().await;
            (self.tell)(Answer::Account(Box::new(account)));
        }
        if self.plan.full {
            match self.server.api.users().await {
                Ok(agents) => (self.tell)(Answer::Agents(agents)),
                // A key may be good for cases and not for the list of agents: then they have numbers.
                Err(problem) if matches!(problem.kind, ProblemKind::Forbidden | ProblemKind::NotFound | ProblemKind::Refused) => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    async fn cases(&mut self) -> Result<(), Problem> {
        let cursor = store(self.sink.cursor("cases"))?.filter(|_| !self.plan.all_messages);
        let newest = match cursor.as_deref().and_then(date::parse) {
            Some(since) => self.changed_since(since - OVERLAP).await?.max(Some(since)),
            None => self.every_case().await?,
        };
        match newest {
            Some(newest) => store(self.sink.set_cursor("cases", &date::iso(newest))),
            None => Ok(()),
        }
    }

    /// By id, so that what comes meanwhile moves nothing. The next page is read while this one is written.
    async fn every_case(&mut self) -> Result<Option<Timestamp>, Problem> {
        let mut newest = None;
        let mut page = self.server.api.cases(&after(0)).await?;
        let total = page.count;
        loop {
            let last = page.items.last().map_or(0, |case| case.id.0);
            let ahead = is_full(&page).then(|| self.ahead(last));
            // So that its request leaves now: a task waits for the worker that began it, which is about to write.
            tokio::task::yield_now().await;
            newest = newest.max(self.write(&page, total)?);
            match ahead {
                Some(next) => page = next.await.map_err(|_| Problem::new(ProblemKind::Offline, "the reading was interrupted"))??,
                None => return Ok(newest),
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the runtime starts work")]
    fn ahead(&self, last: i64) -> tokio::task::JoinHandle<Result<Page<Case>, Problem>> {
        let api = self.server.api.clone();
        tokio::spawn(async move { api.cases(&after(last)).await })
    }

    /// By date of change, each page from where the last one ended: what changes meanwhile moves to the end, and would pull
    /// others over the border between two numbered pages. Only cases of the very same moment are told apart by number.
    async fn changed_since(&mut self, since: Timestamp) -> Result<Option<Timestamp>, Problem> {
        let (mut newest, mut from, mut number) = (None, since, 0);
        loop {
            let filter = vec![Where::new("dateUpdated", "gte", date::iso(from))];
            let ask = CasesAsk { filter, order: Some(("dateUpdated", true)), page: number, limit: LIMIT };
            let page = self.server.api.cases(&ask).await?;
            let last = self.write(&page, page.count)?;
            newest = newest.max(last);
            if !is_full(&page) || number > LIMIT {
                return Ok(newest);
            }
            (from, number) = match last {
                Some(last) if last > from => (last, 0),
                _ => (from, number + 1),
            };
        }
    }

    /// One page into the cache; gives its newest change.
    pub(super) fn write(&mut self, page: &Page<Case>, total: Option<u64>) -> Result<Option<Timestamp>, Problem> {
        let report = store(self.sink.cases(&page.items, self.plan.fold, now()))?;
        self.report.changed.extend(report.changed);
        self.done += page.items.len() as u64;
        let now = now();
        // Often enough to be seen moving, seldom enough to leave the loop alone.
        if self.plan.full && self.told.is_none_or(|at| now - at > Duration::milliseconds(150)) {
            self.told = Some(now);
            (self.tell)(Answer::Event(Event::PullAdvanced { done: self.done, total }));
        }
        Ok(page.items.iter().filter_map(|case| case.date_updated).max())
    }

    /// The messages of what is open or recent and changed since they were read.
    async fn transcripts(&mut self, hello: &Hello) -> Result<(), Problem> {
        let since = now() - RECENT;
        let wanted = store(self.sink.needs_messages(since, self.plan.all_messages))?;
        self.report.changed.extend(wanted.iter().map(|(case, ..)| *case));
        let mut read = BTreeSet::new();
        for some in wanted.chunks(CASES_AT_ONCE) {
            self.mails(some, &mut read).await?;
            if hello.extensions.where_operators {
                self.some(some).await?;
            } else {
                self.each(some).await?;
            }
        }
        for thread in wanted.iter().map(|(_, thread, _)| *thread).collect::<BTreeSet<ThreadId>>() {
            store(self.sink.fetched(thread, now()))?;
        }
        store(self.sink.recall())?;
        self.sightings();
        Ok(())
    }

    /// The messages of several cases in one question.
    async fn some(&mut self, wanted: &[(CaseId, ThreadId, Channel)]) -> Result<(), Problem> {
        let ids = wanted.iter().map(|(case, ..)| case.to_string()).collect::<Vec<_>>().join(",");
        let mut all: Vec<Message> = Vec::new();
        loop {
            // From where the last page ended: a message that goes meanwhile moves no other over the border of a page.
            let last = all.last().map_or(0, |message| message.id.0);
            let filter = vec![Where::new("caseId", "in", &ids), Where::new("id", "gt", last)];
            let ask = MessagesAsk { filter, order: Some(("id", true)), page: 0, limit: LIMIT };
            let page = self.server.api.messages(&ask).await?;
            let more = is_full(&page);
            all.extend(page.items);
            if !more {
                break;
            }
        }
        all.sort_by_key(|message| message.case_id);
        for (case, ..) in wanted {
            let from = all.partition_point(|message| message.case_id < *case);
            let to = all.partition_point(|message| message.case_id <= *case);
            store(self.sink.whole_case(*case, &all[from..to], now()))?;
        }
        Ok(())
    }

    /// The same one by one, where a server understands no more.
    async fn each(&mut self, wanted: &[(CaseId, ThreadId, Channel)]) -> Result<(), Problem> {
        for (case, thread, channel) in wanted {
            let case = Case { id: *case, thread_id: *thread, channel: channel.clone(), ..Case::default() };
            let messages = transcript(self.server, &case).await?;
            store(self.sink.whole_case(case.id, &messages, now()))?;
        }
        Ok(())
    }

    /// The mails of their threads, each once; `read` are those that were asked for.
    async fn mails(&mut self, wanted: &[(CaseId, ThreadId, Channel)], read: &mut BTreeSet<ThreadId>) -> Result<(), Problem> {
        for (case, thread, channel) in wanted {
            let case = Case { id: *case, thread_id: *thread, channel: channel.clone(), ..Case::default() };
            if read.insert(*thread) {
                mails(self.server, &mut self.sink, &case).await?;
            }
        }
        Ok(())
    }

    fn sightings(&mut self) {
        let seen: Vec<_> = self.sink.sighted().into_iter().map(|(op, message)| (op, message.0)).collect();
        if !seen.is_empty() {
            (self.tell)(Answer::Event(Event::Sighted(seen)));
        }
    }
}

/// There may be more behind it.
fn is_full<T>(page: &Page<T>) -> bool {
    page.items.len() + page.dropped as usize >= usize::try_from(page.limit.unwrap_or(LIMIT).clamp(1, LIMIT)).unwrap_or(1) && !page.items.is_empty()
}

/// Cases with a larger id.
fn after(last: i64) -> CasesAsk {
    let filter = vec![Where::new("id", "gt", last.to_string())];
    CasesAsk { filter, order: Some(("id", true)), page: 0, limit: LIMIT }
}
