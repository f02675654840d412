//! The outbox: what was acknowledged is there, moves by compare-and-set, and no text is ever without a place.
#![expect(clippy::disallowed_methods, reason = "the tests look into the files")]

use super::{World, at, case, close, message, mine, opening, reply};
use caseload::model::query::Anchor;
use caseload::model::{Case, CaseId, Change, Channel, Draft, DraftKind, MessageId, Op, OpState, SenderType, ThreadId, Unsent, View};
use caseload::store::Store;

fn draft(case: i64, text: &str) -> Draft {
    Draft { case: CaseId(case), kind: DraftKind::Reply, text: text.into(), answers: Some(MessageId(3)), updated: at(0), ..Draft::default() }
}

fn queued(world: &mut World, op: Op) -> Op {
    let mut ops = [op];
    world.store.queue(&mut ops, at(0)).unwrap();
    let [op] = ops;
    op
}

#[test]
fn what_was_queued_survives_and_keeps_its_order() {
    let mut world = World::with(&[mine(1)]);
    let mut ops = [reply(2, 1, "first"), close(1, 1)];
    world.store.queue(&mut ops, at(0)).unwrap();
    assert_eq!(ops.iter().map(|op| op.seq).collect::<Vec<_>>(), [1, 2]);
    let world = world.reopened();
    assert_eq!(world.store.ops(false).unwrap(), ops);
    assert_eq!(world.store.op(ops[1].id()).unwrap().as_ref(), Some(&ops[1]));
    let journal = std::fs::read_to_string(world.home.path().join("data/outbox.jsonl")).unwrap();
    assert!(journal.contains("\"text\":\"first\""), "{journal}");
}

#[test]
fn an_operation_moves_only_from_where_it_stands() {
    let mut world = World::with(&[mine(1)]);
    let mut op = queued(&mut world, reply(1, 1, "hello"));
    op.state = OpState::Sending;
    assert!(!world.store.advance(&op, &[OpState::Held]).unwrap());
    assert!(world.store.advance(&op, &[OpState::Queued, OpState::Held]).unwrap());
    assert!(!world.store.advance(&op, &[OpState::Queued]).unwrap());
    assert_eq!(world.store.recover_sending(at(9)).unwrap(), 1);
    assert_eq!(world.store.ops(false).unwrap()[0].state, OpState::Unknown);
    assert_eq!(world.row(1).unsent, Unsent::Unknown);
    assert_eq!(world.store.recover_sending(at(9)).unwrap(), 0);
}

#[test]
fn a_draft_makes_the_round() {
    let mut world = World::with(&[mine(1)]);
    world.store.save_draft(&draft(1, "hel")).unwrap();
    world.store.save_draft(&draft(1, "hello")).unwrap();
    assert_eq!(world.store.draft(CaseId(1)).unwrap(), Some(draft(1, "hello")));
    assert!(world.row(1).draft);
    let op = queued(&mut world, reply(1, 1, "hello"));
    assert_eq!(world.store.drafts().unwrap(), [], "the draft went into the reply");
    let failed = Op { state: OpState::Failed, changed: at(9), ..op.clone() };
    world.store.advance(&failed, &[OpState::Queued]).unwrap();
    assert_eq!(world.store.draft(CaseId(1)).unwrap().map(|draft| draft.text).as_deref(), Some("hello"), "and came back");
    assert_eq!(world.row(1).unsent, Unsent::Failed);
    world.store.advance(&Op { state: OpState::Queued, ..op }, &[OpState::Failed]).unwrap();
    assert_eq!(world.store.drafts().unwrap(), [], "sent after all");
}

#[test]
fn a_newer_draft_is_not_overwritten_by_a_text_that_comes_back() {
    let mut world = World::with(&[mine(1)]);
    let op = queued(&mut world, reply(1, 1, "old words"));
    world.store.save_draft(&Draft { updated: at(5), ..draft(1, "new words") }).unwrap();
    world.store.advance(&Op { state: OpState::Cancelled, changed: at(9), ..op }, &[OpState::Queued]).unwrap();
    assert_eq!(world.store.draft(CaseId(1)).unwrap().map(|draft| draft.text).as_deref(), Some("new words"));
    world.store.drop_draft(CaseId(1)).unwrap();
    let db = rusqlite::Connection::open(world.home.path().join("data/outbox.db")).unwrap();
    let kept: i64 = db.query_row("SELECT count(*) FROM draft_version WHERE doc LIKE '%words%'", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 2, "both are kept as versions");
}

#[test]
fn a_sent_reply_stays_on_the_screen_until_the_server_shows_it() {
    let mut world = World::with(&[mine(1)]);
    let op = queued(&mut world, reply(1, 1, "hello"));
    let sent = Op { state: OpState::Sent, server_id: Some(41), changed: at(3), ..op.clone() };
    assert!(world.store.settle(&sent, &[OpState::Queued], None, None).unwrap());
    let conversation = world.store.conversation(CaseId(1)).unwrap().unwrap();
    assert_eq!(conversation.messages.iter().map(|message| (message.id.0, message.op_id())).collect::<Vec<_>>(), [(41, Some(op.id()))]);
    assert_eq!(conversation.cases[0].date_updated, case(1).date_updated, "our clock may not shut the server out");
    world.pull().messages(&[message(41, 1, SenderType::User, 2, "hello")], at(9)).unwrap();
    assert_eq!(world.store.conversation(CaseId(1)).unwrap().unwrap().messages.len(), 1);
    assert!(!world.store.settle(&sent, &[OpState::Queued], None, None).unwrap(), "once");
}

#[test]
fn a_mail_that_was_sent_is_a_mail() {
    let mut world = World::with(&[Case { channel: Channel::Email, ..mine(1) }]);
    let op = queued(&mut world, reply(1, 1, "dear"));
    world.store.settle(&Op { state: OpState::Sent, server_id: Some(5), ..op }, &[OpState::Queued], None, None).unwrap();
    let mail = caseload::model::Message { mail: Some(Box::default()), ..message(5, 1, SenderType::User, 2, "dear") };
    world.pull().mails(ThreadId(1), &[mail], at(9)).unwrap();
    assert_eq!(world.store.conversation(CaseId(1)).unwrap().unwrap().messages.len(), 1);
}

#[test]
fn settled_changes_are_the_servers_word_then() {
    let mut world = World::with(&[mine(1), mine(2)]);
    let op = queued(&mut world, close(1, 1));
    world.store.settle(&Op { state: OpState::Sent, ..op }, &[OpState::Queued], None, None).unwrap();
    assert!(world.store.case(CaseId(1)).unwrap().unwrap().is_closed());
    let reopen = queued(&mut world, super::op(2, 1, Change::Reopen));
    assert_eq!(world.ids(View::Mine), [1, 2]);
    world.store.settle(&Op { state: OpState::Sent, server_id: Some(9), ..reopen }, &[OpState::Queued], None, None).unwrap();
    assert_eq!(world.ids(View::Mine), [9, 2], "a new case of the thread");
    let conversation = world.store.conversation(CaseId(9)).unwrap().unwrap();
    assert_eq!(conversation.cases.iter().map(|case| case.id.0).collect::<Vec<_>>(), [1, 9]);
}

#[test]
fn an_edit_and_a_deletion_reach_the_message() {
    let mut world = World::with(&[mine(1)]);
    world.pull().messages(&[message(1, 1, SenderType::User, -5, "tpyo"), message(2, 1, SenderType::User, -4, "wrong")], at(0)).unwrap();
    let edit = queued(&mut world, super::op(1, 1, Change::Edit { message: MessageId(1), text: "typo".into() }));
    let delete = queued(&mut world, super::op(2, 1, Change::Delete { message: MessageId(2) }));
    let mut pull = world.pull();
    for op in [edit, delete] {
        world.store.settle(&Op { state: OpState::Sent, ..op }, &[OpState::Queued], None, None).unwrap();
    }
    pull.messages(&[message(1, 1, SenderType::User, -5, "tpyo"), message(2, 1, SenderType::User, -4, "wrong")], at(0)).unwrap();
    let texts = |world: &World| world.store.conversation(CaseId(1)).unwrap().unwrap().messages.iter().map(|m| m.message.raw().to_owned()).collect::<Vec<_>>();
    assert_eq!(texts(&world), ["typo"], "a pull that began before does not turn time back");
}

#[test]
fn two_stores_see_each_other_and_only_one_sends() {
    let mut world = World::with(&[mine(1)]);
    let mut other = Store::open(&opening(&world.home)).unwrap();
    assert!(world.store.try_sender().unwrap() && world.store.sender());
    assert!(!other.try_sender().unwrap() && !other.sender());
    world.store.changed_elsewhere().unwrap();
    assert!(!world.store.changed_elsewhere().unwrap());
    other.queue(&mut [close(1, 1)], at(1)).unwrap();
    assert!(world.store.changed_elsewhere().unwrap());
    assert!(!world.store.changed_elsewhere().unwrap());
    assert_eq!(world.ids(View::Closed), [1]);
    assert_eq!(world.window(View::Closed, Anchor::Top).rows[0].unsent, Unsent::Waiting);
    drop(world.store);
    assert!(other.try_sender().unwrap());
}
