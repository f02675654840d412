//! Where the server pushes events, each is a nudge to pull; the pull itself stays the one way data comes in.

use super::{Answer, Server};
use crate::app::Event;
use futures::StreamExt;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// Before a broken stream is opened again.
const PAUSE: Duration = Duration::from_secs(5);

/// Listens until the loop is gone.
pub async fn listen(server: Server, answers: UnboundedSender<Answer>) {
    while !answers.is_closed() {
        if let Ok(mut pings) = server.api.events().await {
            while let Some(Ok(_)) = pings.next().await {
                if answers.send(Answer::Event(Event::Pinged)).is_err() {
                    return;
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
