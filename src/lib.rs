//! caseload: a terminal inbox for support agents, and the case API it speaks. This page is the floor plan; there is no
//! other architecture file, and `tests/house.rs` checks it.
//!
//! # Seven sentences
//!
//! 1. **One loop.** The world becomes an [`app::Event`]; [`app::update`] answers with [`app::Effect`]s; the runtime
//!    performs them; answers are events again.
//! 2. **The core knows nothing.** [`app`] has no async, no clock, no disk, no terminal, no randomness, and cannot fail.
//! 3. **The view only reads.** Drawing twice changes nothing; not drawing changes nothing.
//! 4. **shown = confirmed + pending, replayed.** The server's word, then our intents in order. What the store keeps of
//!    it is a projection, rebuildable at any time.
//! 5. **One way to change a case:** [`model::Mutation::apply`]. The client predicts with it, the embedded server decides
//!    with it. Twice is once.
//! 6. **Disk is synchronous, network is not.** A change is committed to the outbox before the frame that shows it and
//!    before the request that sends it.
//! 7. **No stairs go up.** A room uses rooms on lower floors only.
//!
//! # The floors
//!
//! | floor | room | what it is | may use |
//! |---|---|---|---|
//! | ground | [`model`] | nouns and the one verb; text from outside | nothing of ours |
//! | ground | [`config`] | file and environment as plain values, the key | nothing of ours |
//! | ground | [`fault`] | faults on order, in debug builds | nothing of ours |
//! | first | [`app`] | the pure core: state, events, effects, keys, the ledger of sends | model |
//! | first | [`view`] | state to screen | app, model |
//! | second | [`store`] | disk: disposable cache, durable outbox and drafts | model, fault |
//! | second | [`api`] | network: requests, and what an answer proves | model, fault |
//! | guest house | [`server`] | the case API itself, its keys and its demo | model, `api::wire` |
//! | third | [`runtime`] | the only loop, the only clock, the only spawn | app, store, api, model, fault |
//! | third | [`tui`] | terminal in and out, signals, `$EDITOR` | app, view, runtime, model, fault |
//! | third | [`cli`] | arguments and commands: the same loop without a screen, and the doors of server and demo | app, runtime, store, api, server, config, model |
//!
//! `main` only picks the door.
//!
//! # What always holds
//!
//! - No reply is lost silently, none is sent twice silently: evidence decides, and what is not proven waits for the agent.
//! - A key acts on the case that was painted when it was pressed.
//! - Nothing on the way from a key to the frame costs more when the cache grows.
//! - Text from outside is [`model::Untrusted`] until `display()` made it harmless.
//! - The outbox is a promise, its forms may only grow; the cache has a version and is rebuilt.
//!
//! # Reading order
//!
//! [`model`], [`model::mutation`], [`app`] (events and effects), [`app::update`], [`app::keymap`], then [`store`], [`api`],
//! [`runtime`], and whichever door you came for.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod fault;
pub mod model;
pub mod runtime;
pub mod server;
pub mod store;
pub mod tui;
pub mod view;
