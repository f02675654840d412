//! The loop's hands on a disk that refuses and takes again, and its two clocks.

use super::clock::Clock;
use super::*;
use crate::app::Settings;
use crate::model::{Case, CaseId, Change, Filter, Message, MessageId, OpState, ThreadId, View, WindowAsk};
use crate::store::{Opening, Targets};
use chrono::Duration as Span;
use ratatui::layout::Size;
use tempfile::TempDir;

fn store(home: &TempDir) -> Store {
    let (outbox, cache) = (home.path().join("outbox.db"), home.path().join("cache.db"));
    let opening = Opening { outbox, cache, account: "a".into(), me: None, targets: Targets::default(), now: now() };
    Store::open(&opening).unwrap()
}

/// A desk without a server.
fn desk(store: Store, screen: &mut Blind) -> Desk<'_, Blind> {
    let clock = Clock::started();
    let mut state = State::new(Settings::default(), Size::new(80, 24), clock.steady(), 7);
    state.sync.complete = true;
    let (answers, _) = unbounded_channel();
    let world = World { store, server: None };
    let mut desk = Desk::new(state, world, clock, answers, screen);
    desk.start();
    desk
}

fn says(desk: &mut Desk<'_, Blind>, text: &str) {
    let change = Change::reply(text);
    desk.handle(Event::Commanded { case: CaseId(1), thread: ThreadId(1), change });
}

fn on_disk(desk: &Desk<'_, Blind>) -> Vec<OpState> {
    desk.world.store.ops(true).unwrap().iter().map(|op| op.state).collect()
}

/// Ends the undo window of what is held.
fn release(desk: &mut Desk<'_, Blind>) {
    let now = desk.clock.steady();
    desk.state.outbox.ops.iter_mut().for_each(|op| op.not_before = Some(now));
    desk.handle(Event::Woke);
}

#[test]
fn what_the_disk_refuses_was_never_queued() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Blind;
    let mut desk = desk(store(&home), &mut screen);
    assert!(desk.world.store.refuse_writes(true));
    says(&mut desk, "lost?");
    assert!(desk.state.outbox.ops.is_empty() && on_disk(&desk).is_empty());
    assert!(desk.state.notice.as_ref().unwrap().text.contains("nothing was queued"), "{:?}", desk.state.notice);
    assert!(desk.world.store.refuse_writes(false));
    says(&mut desk, "taken");
    assert_eq!(on_disk(&desk), [OpState::Held]);
}

#[test]
fn a_move_the_disk_refuses_is_kept_and_written_down_before_anything_else() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Blind;
    let mut desk = desk(store(&home), &mut screen);
    says(&mut desk, "one");
    assert!(desk.world.store.refuse_writes(true));
    release(&mut desk);
    assert_eq!((on_disk(&desk), desk.unsaved.len()), (vec![OpState::Held], 1));
    assert!(desk.state.notice.as_ref().unwrap().text.contains("until the disk takes it"), "{:?}", desk.state.notice);
    assert!(desk.world.store.refuse_writes(false));
    desk.watch();
    assert!(desk.unsaved.is_empty());
    assert_eq!((on_disk(&desk), desk.state.outbox.ops.len()), (vec![OpState::Queued], 1));
    assert!(desk.state.watch.looking.is_empty(), "nobody waits for an answer that never comes");
}

#[test]
fn the_clock_that_counts_goes_on_and_the_wall_is_noticed_when_it_moves() {
    let clock = Clock::started();
    let first = clock.steady();
    assert!(clock.steady() >= first && (now() - first).abs() < Span::seconds(5));
    assert_eq!(clock.moved(now() - clock.steady()), None);
    let ahead = clock.moved(Span::days(3650)).unwrap();
    assert!(ahead.abs() < Span::seconds(5), "the wall is where it was: {ahead}");
}

/// What a task beside the loop answers, waited for.
fn next(desk: &mut Desk<'_, Blind>, answers: &mut UnboundedReceiver<Answer>) {
    let answer = answers.blocking_recv().unwrap();
    desk.answered(answer);
}

#[test]
fn of_a_long_thread_the_newest_messages_are_there_at_once_and_all_of_it_soon() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Blind;
    let mut desk = desk(store(&home), &mut screen);
    let (answers, mut heard) = unbounded_channel();
    (desk.answers, desk.state.settings.interactive) = (answers, true);
    let mut sink = desk.world.store.sink().unwrap();
    let said = |id: i64, text: &str| Message {
        id: MessageId(id),
        case_id: CaseId(1),
        thread_id: ThreadId(1),
        message: text.into(),
        date_created: Some(now() + Span::seconds(id)),
        ..Message::default()
    };
    sink.cases(&[Case { id: CaseId(1), thread_id: ThreadId(1), ..Case::default() }], true, now()).unwrap();
    sink.messages(&(1..=500).map(|id| said(id, "hello")).collect::<Vec<_>>(), now()).unwrap();
    desk.state.reader = Some(app::Reader { case: CaseId(1), ..app::Reader::default() });
    let held = |desk: &Desk<'_, Blind>| desk.state.reader.as_ref().unwrap().conversation.messages.len();
    desk.load_thread(CaseId(1)).unwrap();
    assert_eq!(held(&desk), 80);
    // Asked again before the answer: the first one is old when it comes.
    desk.load_thread(CaseId(1)).unwrap();
    next(&mut desk, &mut heard);
    next(&mut desk, &mut heard);
    assert_eq!(held(&desk), 500);
    // A message that is too long itself: what is shown stays until it is read.
    sink.messages(&[said(501, &"parcel ".repeat(100_000))], now()).unwrap();
    desk.load_thread(CaseId(1)).unwrap();
    assert_eq!(held(&desk), 500);
    next(&mut desk, &mut heard);
    assert_eq!(held(&desk), 501);
}

/// Asks for what fits a filter, as the core does.
fn look(desk: &mut Desk<'_, Blind>, text: &str, steps: u32) {
    let ask = WindowAsk { view: View::All, filter: Filter::parse(text).unwrap(), after: 20, ..WindowAsk::default() };
    (desk.state.list.view, desk.state.list.filter, desk.state.list.asked) = (ask.view, ask.filter.clone(), true);
    desk.window_within(ask, steps).unwrap();
}

#[test]
fn what_a_filter_is_long_in_finding_comes_later_and_only_the_newest_question_is_answered() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Blind;
    let mut desk = desk(store(&home), &mut screen);
    let (answers, mut heard) = unbounded_channel();
    (desk.answers, desk.state.settings.interactive) = (answers, true);
    let parcel = |id| Case { id: CaseId(id), thread_id: ThreadId(id), title: format!("parcel {id}").into(), ..Case::default() };
    desk.world.store.sink().unwrap().cases(&(1..=400).map(parcel).collect::<Vec<_>>(), true, now()).unwrap();
    let shown = |desk: &Desk<'_, Blind>| (desk.state.list.window.rows.len(), desk.state.list.asked);
    look(&mut desk, "parcel", u32::MAX);
    assert_eq!(shown(&desk), (20, false));
    look(&mut desk, "letter", 0);
    assert_eq!(shown(&desk), (20, true), "what was there stays");
    next(&mut desk, &mut heard);
    assert_eq!(shown(&desk), (0, false));
    // Typed on before the answer, and both are long in reading.
    look(&mut desk, "letter", 0);
    look(&mut desk, "parcel 40", 0);
    next(&mut desk, &mut heard);
    next(&mut desk, &mut heard);
    assert_eq!(shown(&desk), (5, false));
    // A quick one takes the place of what is still read.
    look(&mut desk, "letter", 0);
    look(&mut desk, "parcel", u32::MAX);
    next(&mut desk, &mut heard);
    assert_eq!(shown(&desk), (20, false));
}
