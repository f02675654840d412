//! Row N5: an answer that ends after k bytes, for every k. In this process, for 400 starts of the program would take too long.

use super::{ours, vendor};
use crate::contract::account::{Stand, class, client};
use crate::crash::proxy::{Fault, Kind, Proxy};
use caseload::model::Change;

#[tokio::test(flavor = "multi_thread")]
async fn n5_an_answer_that_is_cut_anywhere_is_never_taken_for_a_no() {
    for quirks in [ours(), vendor()] {
        let stand = Stand::open(quirks).await;
        let proxy = Proxy::before(&stand.house.origin).await;
        let api = client(&proxy.origin, &stand.house.key);
        let base = stand.base(1).await;
        for at in 0..=400 {
            proxy.does(Kind::Writes, [Fault::Cut(at)]);
            let mutation = stand.mutation(1, Change::Note { text: format!("cut at {at}") });
            let outcome = api.send(&mutation, &base).await;
            assert_eq!(class(&outcome), "unknown", "{:?}, {at} bytes: {outcome:?}", stand.quirks);
        }
        proxy.does(Kind::Writes, [Fault::Cut(1 << 20)]);
        let outcome = api.send(&stand.mutation(1, Change::Note { text: "whole".to_owned() }), &base).await;
        assert_eq!(class(&outcome), "accepted", "{outcome:?}");
        assert_eq!(proxy.writes().len(), 402);
        assert!(proxy.writes().iter().all(|came| came.arrived == 1), "each of them had arrived, once");
    }
}
