//! Cases picked by a rule: all of a view, a stretch of it, those that are alike; and which of them the view still has.

use super::{World, at, case, message, mine};
use caseload::model::pick::{How, MOST, Pick, Picked};
use caseload::model::{Case, CaseId, Filter, SenderType, View};

fn pick(world: &World, view: View, filter: &str, how: How) -> Picked {
    let pick = Pick { view, filter: Filter::parse(filter).unwrap(), sort: caseload::model::Sort::default(), how };
    world.store.sink().unwrap().pick(&pick, at(0)).unwrap()
}

fn ids(picked: &Picked) -> Vec<i64> {
    picked.cases.iter().map(|case| case.0).collect()
}

#[test]
fn all_of_a_view_and_a_stretch_of_it_come_in_its_order() {
    let world = World::with(&(1..=9).map(mine).chain((10..=12).map(case)).collect::<Vec<_>>());
    let list = world.ids(View::Mine);
    assert_eq!(ids(&pick(&world, View::Mine, "", How::All)), list);
    let (one, other) = (CaseId(list[6]), CaseId(list[2]));
    assert_eq!(ids(&pick(&world, View::Mine, "", How::Between(one, other))), list[2..=6]);
    assert_eq!(ids(&pick(&world, View::All, "contact", How::All)).len(), 12);
    assert_eq!(ids(&pick(&world, View::All, "\"contact 7\"", How::All)), [7]);
    assert!(pick(&world, View::Mine, "", How::Between(one, CaseId(999))).cases.is_empty());
}

#[test]
fn no_pick_brings_more_than_a_person_can_read() {
    let world = World::with(&(1..=1_200).map(mine).collect::<Vec<_>>());
    let picked = pick(&world, View::Mine, "", How::All);
    assert_eq!((picked.cases.len(), picked.more), (MOST, true));
}

#[test]
fn look_alikes_share_a_subject_or_their_words_and_the_reason_is_said() {
    let titled = |id: i64, title: &str| Case { title: title.into(), ..mine(id) };
    let world =
        World::with(&[titled(1, "Tracking stuck"), titled(2, "Re: tracking stuck #881"), titled(3, "Refund"), titled(4, "tracking stuck"), titled(5, "Hello")]);
    let mut sink = world.pull();
    let first = "Where is my parcel? The tracking has not moved since Friday.";
    let said =
        [message(1, 3, SenderType::Contact, 1, first), message(2, 5, SenderType::Contact, 2, "where is my parcel?! the tracking hasn't moved since friday")];
    sink.messages(&said, at(5)).unwrap();
    drop(sink);
    let picked = pick(&world, View::Mine, "", How::Like(CaseId(1)));
    assert_eq!((ids(&picked).len(), picked.cases[0], picked.why.as_str()), (3, CaseId(1), "same subject \"Tracking stuck\""), "{picked:?}");
    let picked = pick(&world, View::Mine, "", How::Like(CaseId(3)));
    assert_eq!((ids(&picked), picked.why.as_str()), (vec![3, 5], "nearly the same words"));
    let alone = pick(&world, View::Queue, "", How::Like(CaseId(3)));
    assert_eq!(ids(&alone), [3], "those of other views are left alone");
}

#[test]
fn what_left_a_view_is_known_whatever_the_filter() {
    let mut world = World::with(&(1..=4).map(mine).collect::<Vec<_>>());
    let mut ops = [super::close(1, 2)];
    world.store.queue(&mut ops, at(1)).unwrap();
    let kept = world.store.kept_in(View::Mine, &[1, 2, 3, 99].map(CaseId)).unwrap();
    assert_eq!(kept, [1, 3].map(CaseId));
}
