//! One thread read again from the server, whole: its cases, their messages, its mails.

use super::pull::LIMIT;
use super::{Server, now};
use crate::api::{CasesAsk, MessagesAsk, Problem, ProblemKind, Where};
use crate::model::{Case, CaseId, Channel, Message, MessageId, OpId, ThreadId};
use crate::store::{Sink, StoreError};

/// Pages of one case's messages that are read at most.
const PAGES: u32 = 100;

/// Reads the chain of a case into the cache; gives the markers of ours that it saw.
pub async fn fetch(server: &Server, mut sink: Sink, id: CaseId) -> Result<Vec<(OpId, i64)>, Problem> {
    store(sink.begin())?;
    let case = match server.api.case(id).await {
        Err(problem) if problem.kind == ProblemKind::NotFound => {
            store(sink.forget(id))?;
            return Err(problem);
        }
        other => other?,
    };
    let others = chain(server, &case).await?;
    for other in others.iter().chain([&case]) {
        store(sink.cases(std::slice::from_ref(other), true, now()))?;
    }
    // Also where it came without one: there is none.
    store(sink.timelines(std::slice::from_ref(&case)))?;
    mails(server, &mut sink, &case).await?;
    for other in others.iter().chain([&case]) {
        let messages = transcript(server, other).await?;
        write(&mut sink, other, &messages)?;
    }
    store(sink.fetched(case.thread_id, now()))?;
    Ok(sink.sighted().into_iter().map(|(op, message)| (op, message.0)).collect())
}

/// Reads what happened to some cases of a thread into the cache; gives whether any of it is new.
pub async fn timelines(server: &Server, mut sink: Sink, cases: &[CaseId]) -> Result<bool, Problem> {
    let operators = server.hello().await.is_ok_and(|hello| hello.extensions.where_operators);
    let found = server.api.timelines(cases, operators).await?;
    store(sink.timelines(&found))
}

/// The mails of the case's thread, where it may have some; before the transcript, with which a case counts as read.
pub(super) async fn mails(server: &Server, sink: &mut Sink, case: &Case) -> Result<Vec<Message>, Problem> {
    if !wants_mails(server, case).await {
        return Ok(Vec::new());
    }
    let mails = server.api.mails(case.thread_id).await?;
    store(sink.mails(case.thread_id, &mails, now()))?;
    Ok(mails)
}

/// The other cases of the thread.
async fn chain(server: &Server, case: &Case) -> Result<Vec<Case>, Problem> {
    let mut others = children(server, case.thread_id).await?;
    others.retain(|other| other.id != case.id);
    if case.thread_id.0 != case.id.0 {
        match server.api.case(CaseId(case.thread_id.0)).await {
            Ok(first) => others.insert(0, first),
            Err(problem) if problem.kind == ProblemKind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(others)
}

/// The cases that go on with the first one of a thread.
pub(super) async fn children(server: &Server, thread: ThreadId) -> Result<Vec<Case>, Problem> {
    let mut all: Vec<Case> = Vec::new();
    let mut read = 0;
    for page in 0..PAGES {
        let ask = CasesAsk { filter: vec![Where::new("parentId", "eq", thread)], page, limit: LIMIT, ..CasesAsk::default() };
        let got = server.api.cases(&ask).await?;
        read += got.items.len() as u64;
        let before = all.len();
        // A server that does not know the filter answers with other threads.
        all.extend(got.items.into_iter().filter(|case| case.thread_id == thread));
        all.sort_by_key(|case| case.id);
        all.dedup_by_key(|case| case.id);
        if all.len() == before || got.count.is_some_and(|count| read >= count) {
            break;
        }
    }
    Ok(all)
}

/// All messages of one case; mails are the thread's.
pub(super) async fn transcript(server: &Server, case: &Case) -> Result<Vec<Message>, Problem> {
    let mut all = Vec::new();
    for page in 0..PAGES {
        let ask = MessagesAsk { filter: vec![Where::new("caseId", "eq", case.id.to_string())], page, limit: LIMIT, ..MessagesAsk::default() };
        let got = server.api.messages(&ask).await?;
        let before = all.len();
        all.extend(got.items.into_iter().filter(|message| message.case_id == case.id));
        all.sort_by_key(|message: &Message| message.id);
        all.dedup_by_key(|message| message.id);
        let whole = got.count.is_some_and(|count| all.len() as u64 >= count);
        // A page that brought nothing new is the end, also where the server ignores `page`.
        if whole || all.len() == before {
            break;
        }
    }
    Ok(all)
}

/// What was said in a case after a message, as far as one page goes: more of it would be shown as no more than more.
pub(super) async fn since(server: &Server, case: &Case, last: MessageId) -> Result<Vec<Message>, Problem> {
    let filter = vec![Where::new("caseId", "eq", case.id.to_string()), Where::new("id", "gt", last)];
    let ask = MessagesAsk { filter, order: Some(("id", true)), page: 0, limit: LIMIT };
    Ok(server.api.messages(&ask).await?.items)
}

/// Our own server keeps mails with mail cases; of another one nothing is known.
async fn wants_mails(server: &Server, case: &Case) -> bool {
    let ours = server.hello().await.is_ok_and(|hello| hello.extensions.where_operators);
    case.channel == Channel::Email || !ours
}

/// Writes one case and its transcript.
pub(super) fn write(sink: &mut Sink, case: &Case, messages: &[Message]) -> Result<(), Problem> {
    store(sink.cases(std::slice::from_ref(case), true, now()))?;
    store(sink.whole_case(case.id, messages, now()))
}

/// A disk that fails ends the reading; what was read is read again next time.
pub(super) fn store<T>(result: Result<T, StoreError>) -> Result<T, Problem> {
    result.map_err(|error| Problem { kind: ProblemKind::Config, text: error.to_string() })
}
