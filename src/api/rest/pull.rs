//! The questions: who the server is, cases, messages, mails, follow-ups, agents.

use super::super::Api;
use super::super::asks::{CasesAsk, Extensions, Hello, MessagesAsk, Page, Where};
use super::super::problem::{Problem, ProblemKind};
use super::super::wire::read::{self, Listing};
use super::super::wire::{paths, write};
use super::{LIST, SINGLE};
use crate::model::{Account, Actor, Case, CaseId, ContactId, Department, Message, MessageId, Person, Snooze, ThreadId, UserId};
use reqwest::RequestBuilder;
use reqwest::header::CACHE_CONTROL;
use serde_json::Value;
use std::collections::HashSet;

/// What a row of a case list comes with.
const ROW: [&str; 5] = ["contact", "users", "tags", "feedbacks", "fields"];
/// What a whole case comes with.
const WHOLE: [&str; 6] = ["contact", "users", "tags", "feedbacks", "fields", "timeline"];
/// What is asked for where only the timeline is wanted.
const TOLD: [(&str, &str); 3] = [("relations", "timeline"), ("select", "id"), ("select", "dateUpdated")];
/// The largest page; and so many timelines are asked for at once.
const LIMIT: u32 = 200;
const MOST: usize = 200;
/// More pages than this of mails or agents are a server that repeats itself.
const PAGES: u32 = 100;

impl Api {
    /// Who the server is. One that does not know the question, sends us elsewhere or shows a page has no extension;
    /// only silence, trouble and a key that is not taken are problems.
    pub async fn hello(&self) -> Result<Hello, Problem> {
        match self.read(self.get(paths::HELLO), SINGLE).await {
            Ok(answer) => Ok(hello(&answer)),
            Err(problem) => match problem.kind {
                ProblemKind::Offline | ProblemKind::Unauthorized | ProblemKind::Server => Err(problem),
                _ => Ok(Hello::default()),
            },
        }
    }

    pub async fn cases(&self, ask: &CasesAsk) -> Result<Page<Case>, Problem> {
        let relations: Vec<(&str, &str)> = ROW.iter().map(|name| ("relations", *name)).collect();
        let request = asked(self.get(paths::CASES).query(&relations), ask);
        let listing = self.listing(request, "a list of cases").await?;
        Ok(page(listing, ask, read::case))
    }

    pub async fn case(&self, id: CaseId) -> Result<Case, Problem> {
        self.whole(id, &WHOLE.map(|name| ("relations", name))).await
    }

    async fn whole(&self, id: CaseId, query: &[(&str, &str)]) -> Result<Case, Problem> {
        let answer = self.read(self.get(&format!("{}/{id}", paths::CASES)).query(query), SINGLE).await?;
        let case = read::single(answer).and_then(|case| read::case(Value::Object(case)));
        case.filter(|case| case.id == id).ok_or_else(|| Problem::malformed(&format!("case {id}")))
    }

    /// Nothing but the timelines of cases, and the change they are known up to; those of several in one request where the server
    /// knows `operators`.
    pub async fn timelines(&self, cases: &[CaseId], operators: bool) -> Result<Vec<Case>, Problem> {
        let mut found = Vec::with_capacity(cases.len());
        for some in cases.chunks(if operators { MOST } else { 1 }) {
            match some {
                [one] => found.push(self.whole(*one, &TOLD).await?),
                some => self.timelines_of(some, &mut found).await?,
            }
        }
        Ok(found)
    }

    /// In one request, unless the server's pages are shorter.
    async fn timelines_of(&self, cases: &[CaseId], found: &mut Vec<Case>) -> Result<(), Problem> {
        let ids = cases.iter().map(CaseId::to_string).collect::<Vec<_>>().join(",");
        let first = found.len();
        for page_at in 0..PAGES {
            let ask = CasesAsk { filter: vec![Where::new("id", "in", &ids)], limit: LIMIT, page: page_at, ..CasesAsk::default() };
            let listing = self.listing(asked(self.get(paths::CASES).query(&TOLD), &ask), "a list of cases").await?;
            let (before, got) = (found.len(), page(listing, &ask, read::case));
            found.extend(got.items);
            found[first..].sort_by_key(|case| case.id);
            found.dedup_by_key(|case| case.id);
            if found.len() == before || found.len() - first >= cases.len() || got.count.is_some_and(|count| (found.len() - first) as u64 >= count) {
                break;
            }
        }
        Ok(())
    }

    pub async fn messages(&self, ask: &MessagesAsk) -> Result<Page<Message>, Problem> {
        let listing = self.listing(asked(self.get(paths::CASE_MESSAGES), ask), "a list of messages").await?;
        let case = ask.filter.iter().find(|term| term.column == "caseId" && term.op == "eq").and_then(|term| term.value.parse().ok());
        Ok(page(listing, ask, |row| placed(read::message(row)?, case)))
    }

    /// One message.
    pub async fn message(&self, id: MessageId) -> Result<Message, Problem> {
        let answer = self.read(self.get(&format!("{}/{id}", paths::CASE_MESSAGES)), SINGLE).await?;
        let message = read::single(answer).and_then(|message| read::message(Value::Object(message)));
        message.filter(|message| message.id == id).ok_or_else(|| Problem::malformed(&format!("message {id}")))
    }

    /// The mails of a thread, all that can be reached: how a cursor is handed back is not documented, so a page that brings nothing new ends it.
    pub async fn mails(&self, thread: ThreadId) -> Result<Vec<Message>, Problem> {
        let mut mails: Vec<Message> = Vec::new();
        let mut known: HashSet<MessageId> = HashSet::new();
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES {
            let mut request = self.get(paths::MAIL_MESSAGES).query(&[("threadId", thread.0)]);
            if let Some(cursor) = &cursor {
                request = request.query(&[("next", cursor)]);
            }
            let listing = match self.listing(request, "a list of mails").await {
                Err(problem) if cursor.is_some() && problem.kind == ProblemKind::Refused => break,
                // A thread that never had a mail may not be there for the mails.
                Err(problem) if problem.kind == ProblemKind::NotFound => break,
                answer => answer?,
            };
            let before = mails.len();
            mails.extend(listing.rows.into_iter().filter_map(|row| read::mail(row, thread)).filter(|mail| known.insert(mail.id)));
            if mails.len() == before || listing.next.is_none() || listing.next == cursor {
                break;
            }
            cursor = listing.next;
        }
        mails.sort_by_key(|mail| mail.id);
        Ok(mails)
    }

    /// The date a case comes back on, if it has one.
    pub async fn follow_up(&self, case: CaseId, contact: Option<ContactId>) -> Result<Option<Snooze>, Problem> {
        let request = self.reader.post(self.origin.at(paths::FOLLOW_UP_GET)).header(CACHE_CONTROL, "no-cache").json(&write::about(case, contact));
        match self.read(request, SINGLE).await {
            Ok(answer) => Ok(read::snooze(answer)),
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// The agents of the account.
    pub async fn users(&self) -> Result<Vec<Person>, Problem> {
        let mut users: Vec<Person> = Vec::new();
        let mut known: HashSet<i64> = HashSet::new();
        for number in 0..PAGES {
            let request = self.get(paths::USERS).query(&[("page", number), ("limit", 200)]);
            let listing = self.listing(request, "a list of agents").await?;
            let before = users.len();
            users.extend(listing.rows.into_iter().filter_map(read::person).filter(|user| known.insert(user.id)));
            if users.len() == before || listing.count.is_none_or(|count| users.len() as u64 >= count) {
                break;
            }
        }
        Ok(users)
    }

    /// The tags and departments of the account; what a server does not tell is left out.
    pub async fn account(&self) -> Account {
        let department = |row: Value| {
            let id = row.get("id").and_then(read::id)?;
            Some(Department { id, name: row.get("name").and_then(read::text).filter(|name| !name.is_empty())? })
        };
        let departments = self.listing(self.get(paths::DEPARTMENTS), "a list of departments").await;
        let tags = self.listing(self.get(paths::TAGS), "a list of tags").await;
        Account {
            departments: departments.map(|found| found.rows.into_iter().filter_map(department).collect()).unwrap_or_default(),
            tags: tags.map(|found| found.rows.into_iter().filter_map(read::tag).collect()).unwrap_or_default(),
        }
    }

    async fn listing(&self, request: RequestBuilder, what: &str) -> Result<Listing, Problem> {
        read::listing(self.read(request, LIST).await?).ok_or_else(|| Problem::malformed(what))
    }
}

fn asked(request: RequestBuilder, ask: &CasesAsk) -> RequestBuilder {
    let terms: Vec<(&str, String)> = ask.filter.iter().map(|term| ("where", term.written())).collect();
    let order = ask.order.map(|(column, ascending)| ("order", format!("{column}|{}", if ascending { "asc" } else { "desc" })));
    let limit = Some(("limit", ask.limit)).filter(|(_, limit)| *limit > 0);
    request.query(&terms).query(order.as_slice()).query(&[("page", ask.page)]).query(limit.as_slice())
}

fn page<T>(listing: Listing, ask: &CasesAsk, read: impl FnMut(Value) -> Option<T>) -> Page<T> {
    let all = listing.rows.len();
    let items: Vec<T> = listing.rows.into_iter().filter_map(read).collect();
    let dropped = u32::try_from(all - items.len()).unwrap_or(u32::MAX);
    Page { items, page: listing.page.unwrap_or(ask.page), limit: listing.limit, count: listing.count, dropped }
}

/// A message belongs to a case: the one it names, else the one that was asked for.
fn placed(mut message: Message, case: Option<i64>) -> Option<Message> {
    if message.case_id.0 == 0 {
        message.case_id = CaseId(case?);
        if message.thread_id.0 == 0 {
            message.thread_id = ThreadId(case?);
        }
    }
    Some(message)
}

/// Only a server that calls itself caseload is taken at its word about extensions.
fn hello(answer: &Value) -> Hello {
    let data = answer.get("data").unwrap_or(answer);
    let word = |name: &str| data.get(name).and_then(Value::as_str);
    if word("name") != Some("caseload") {
        return Hello::default();
    }
    let names: Vec<&str> = data.get("extensions").and_then(Value::as_array).map(|names| names.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
    let has = |name: &str| names.contains(&name);
    let extensions = Extensions {
        where_operators: has("where-operators"),
        order: has("order"),
        idempotency: has("idempotency"),
        events: has("events"),
        case_update: has("case-update"),
        translate: Some(has("translate")),
    };
    let me = ["me", "user"].iter().find_map(|name| data.get(*name).cloned().and_then(read::person));
    let me = me.map(|person| Actor { id: UserId(person.id), name: person.name });
    Hello { extensions, me, version: word("version").map(str::to_owned) }
}
