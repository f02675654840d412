//! Pulls: what the server says is written once, never backwards in time, and joined with what we did ourselves.

use super::{World, at, case, close, message, mine, reply};
use caseload::model::query::Anchor;
use caseload::model::{Case, CaseId, Change, Channel, Mail, Message, MessageId, Object, Op, OpState, SenderType, Status, ThreadId, View};
use caseload::store::Report;
use serde_json::json;

#[test]
fn the_same_pull_twice_is_once() {
    let world = World::with(&[mine(1), case(2)]);
    let talk = [message(1, 1, SenderType::Contact, -9, "hello")];
    world.pull().messages(&talk, at(0)).unwrap();
    let before = (world.window(View::All, Anchor::Top), world.store.conversation(CaseId(1)).unwrap());
    let mut sink = world.pull();
    assert_eq!(sink.cases(&[mine(1), case(2)], false, at(1)).unwrap(), Report::default());
    assert_eq!(sink.messages(&talk, at(1)).unwrap(), []);
    assert_eq!((world.window(View::All, Anchor::Top), world.store.conversation(CaseId(1)).unwrap()), before);
}

#[test]
fn our_own_reply_in_a_pull_is_shown_once_and_reported() {
    let mut world = World::with(&[mine(1)]);
    let op = reply(1, 1, "hello");
    world.store.queue(&mut [op.clone()], at(1)).unwrap();
    let meta = Object::from_iter([("op_id".to_owned(), json!(op.id()))]);
    let copy = Message { meta, ..message(7, 1, SenderType::User, 2, "hello") };
    let mut sink = world.pull();
    sink.messages(std::slice::from_ref(&copy), at(3)).unwrap();
    sink.messages(&[copy], at(3)).unwrap();
    assert_eq!(sink.sighted(), [(op.id(), MessageId(7)); 2]);
    assert_eq!(sink.sighted(), []);
    let shown = world.store.shown(CaseId(1)).unwrap().unwrap();
    assert_eq!(shown.messages, [], "what is confirmed is not replayed");
    assert_eq!(world.store.conversation(CaseId(1)).unwrap().unwrap().messages.len(), 1);
}

#[test]
fn a_pull_that_began_before_a_settled_change_does_not_undo_it() {
    let mut world = World::with(&[mine(1), mine(2)]);
    let mut pull = world.pull();
    let mut ops = [close(1, 1)];
    world.store.queue(&mut ops, at(1)).unwrap();
    let sent = Op { state: OpState::Sent, ..ops[0].clone() };
    world.store.settle(&sent, &[OpState::Queued], None, None).unwrap();
    let late = Case { date_updated: Some(at(2)), ..mine(1) };
    assert_eq!(pull.cases(std::slice::from_ref(&late), false, at(3)).unwrap(), Report::default());
    assert_eq!(world.ids(View::Closed), [1]);
    assert_eq!(world.pull().cases(&[late], true, at(4)).unwrap().changed, [CaseId(1)], "a later one may");
    assert_eq!(world.ids(View::Mine), [1, 2]);
}

#[test]
fn a_settled_reply_is_not_removed_by_a_transcript_read_before() {
    let mut world = World::with(&[mine(1)]);
    let mut pull = world.pull();
    let mut ops = [reply(1, 1, "hello")];
    world.store.queue(&mut ops, at(1)).unwrap();
    world.store.settle(&Op { state: OpState::Sent, server_id: Some(8), ..ops[0].clone() }, &[OpState::Queued], None, None).unwrap();
    pull.whole_case(CaseId(1), &[message(1, 1, SenderType::Contact, -9, "hi")], at(2)).unwrap();
    let ids = |world: &World| world.store.conversation(CaseId(1)).unwrap().unwrap().messages.iter().map(|message| message.id.0).collect::<Vec<_>>();
    assert_eq!(ids(&world), [1, 8]);
    world.pull().whole_case(CaseId(1), &[message(1, 1, SenderType::Contact, -9, "hi")], at(2)).unwrap();
    assert_eq!(ids(&world), [1]);
}

#[test]
fn an_older_document_does_not_replace_a_newer_one() {
    let world = World::with(&[Case { date_updated: Some(at(0)), title: "new".into(), ..case(1) }]);
    world.pull().cases(&[case(1)], true, at(1)).unwrap();
    assert_eq!(world.store.case(CaseId(1)).unwrap().unwrap().title.raw(), "new");
    world.pull().cases(&[Case { date_updated: Some(at(0)), title: "equal".into(), ..case(1) }], true, at(1)).unwrap();
    assert_eq!(world.store.case(CaseId(1)).unwrap().unwrap().title.raw(), "equal");
}

#[test]
fn a_conversation_is_the_whole_chain_with_chat_and_mail_in_time_order() {
    let chain = Case { id: CaseId(2), thread_id: ThreadId(1), parent_id: Some(CaseId(1)), channel: Channel::Email, ..mine(2) };
    let world = World::with(&[Case { status: Status::Closed, ..case(1) }, chain]);
    let mut sink = world.pull();
    let mail = Message { mail: Some(Box::new(Mail { subject: "Re".into(), ..Mail::default() })), ..message(1, 2, SenderType::Contact, -20, "mail") };
    let unaddressed = Message { case_id: CaseId(0), thread_id: ThreadId(0), id: MessageId(2), date_created: Some(at(-10)), ..mail.clone() };
    sink.messages(
        &[message(1, 1, SenderType::Contact, -30, "chat"), Message { thread_id: ThreadId(1), ..message(2, 2, SenderType::User, -15, "note") }],
        at(0),
    )
    .unwrap();
    sink.mails(ThreadId(1), &[unaddressed, mail], at(0)).unwrap();
    sink.fetched(ThreadId(1), at(1)).unwrap();
    let conversation = world.store.conversation(CaseId(1)).unwrap().unwrap();
    assert_eq!(conversation.messages.iter().map(|message| message.date_created.unwrap()).collect::<Vec<_>>(), [at(-30), at(-20), at(-15), at(-10)]);
    assert_eq!((conversation.cases.len(), conversation.fetched), (2, Some(at(1))));
    sink.mails(ThreadId(1), &[], at(2)).unwrap();
    assert_eq!(world.store.conversation(CaseId(2)).unwrap().unwrap().messages.len(), 2, "mails the server no longer has go");
}

#[test]
fn messages_are_asked_for_until_they_were_read() {
    let world = World::with(&[mine(1), Case { status: Status::Closed, ..case(2) }]);
    let mut sink = world.pull();
    let needs = |sink: &caseload::store::Sink, since, all| sink.needs_messages(at(since), all).unwrap().iter().map(|(case, ..)| case.0).collect::<Vec<_>>();
    assert_eq!((needs(&sink, 0, false), needs(&sink, -700, false), needs(&sink, 0, true)), (vec![1], vec![1, 2], vec![1, 2]));
    sink.whole_case(CaseId(1), &[], at(0)).unwrap();
    assert_eq!(needs(&sink, 0, true), [2]);
    sink.cases(&[Case { date_updated: Some(at(5)), ..mine(1) }], false, at(5)).unwrap();
    assert_eq!(needs(&sink, 0, false), [1], "changed since");
    sink.whole_case(CaseId(1), &[], at(5)).unwrap();
    sink.cases(&[Case { date_updated: Some(at(5)), description: "and one more".into(), ..mine(1) }], false, at(6)).unwrap();
    assert_eq!(needs(&sink, 0, false), [1], "changed within the second that the server tells");
    assert_eq!(sink.open_cases().unwrap(), [CaseId(1)]);
}

#[test]
fn messages_may_come_before_their_case() {
    let world = World::new();
    let mut sink = world.pull();
    sink.messages(&[Message { thread_id: ThreadId(0), ..message(1, 5, SenderType::Contact, -9, "early") }], at(0)).unwrap();
    sink.cases(&[Case { thread_id: ThreadId(3), ..mine(5) }], true, at(0)).unwrap();
    assert_eq!(world.row(5).snippet.raw(), "early");
    assert_eq!(world.store.conversation(CaseId(5)).unwrap().unwrap().messages.len(), 1);
}

#[test]
fn what_a_list_leaves_out_is_not_forgotten() {
    let snoozed = Some(caseload::model::Snooze { until: at(500), ..Default::default() });
    let mut world = World::with(&[Case { follow_up: snoozed.clone(), ..mine(1) }, Case { follow_up: snoozed, ..mine(2) }]);
    let awake = Object::from_iter([(Case::AWAKE.to_owned(), json!(true))]);
    let read = [Case { date_updated: Some(at(1)), ..mine(1) }, Case { date_updated: Some(at(1)), extra: awake, ..mine(2) }];
    world.pull().cases(&read, true, at(1)).unwrap();
    assert_eq!(world.ids(View::Snoozed), [1], "said to be over is another thing than left out");
    let mut ops = [super::op(1, 1, Change::Unsnooze)];
    world.store.queue(&mut ops, at(2)).unwrap();
    world.store.settle(&Op { state: OpState::Sent, ..ops[0].clone() }, &[OpState::Queued], Some(&mine(1)), None).unwrap();
    assert_eq!(world.ids(View::Mine), [1, 2]);
}

#[test]
fn cursors_and_the_age_of_the_snapshot_are_kept() {
    let world = World::new();
    assert_eq!(world.store.snapshot_age().unwrap(), None);
    let mut sink = world.pull();
    sink.set_cursor("cases", "17").unwrap();
    sink.complete(at(3)).unwrap();
    let world = world.reopened();
    assert_eq!(world.store.snapshot_age().unwrap(), Some(at(3)));
    assert_eq!(world.pull().cursor("cases").unwrap().as_deref(), Some("17"));
    assert_eq!(world.pull().cursor("mails").unwrap(), None);
}

#[test]
fn customers_who_wrote_are_told_of_once() {
    let world = World::with(&[mine(1), mine(2), case(3)]);
    let mut sink = world.pull();
    assert_eq!(sink.spoke(), []);
    sink.messages(&[message(1, 1, SenderType::Contact, 5, "where is it?"), message(2, 2, SenderType::User, 5, "it left")], at(6)).unwrap();
    sink.messages(&[message(3, 1, SenderType::Contact, 6, "hello?"), message(4, 3, SenderType::Contact, 6, "anybody?")], at(7)).unwrap();
    let spoke = sink.spoke();
    let told: Vec<_> = spoke.iter().map(|spoke| (spoke.case, spoke.said.raw(), spoke.mine)).collect();
    assert_eq!(told, [(CaseId(1), "hello?", true), (CaseId(3), "anybody?", false)]);
    sink.messages(&[message(1, 1, SenderType::Contact, 5, "where is it?")], at(8)).unwrap();
    assert_eq!(sink.spoke(), [], "what was read before is no news");
}
