//! The accept loop: connections with time limits and a cap, so that many slow clients cannot keep a healthy one out.
//! When the house is full, the connection that has been idle longest (no request on it being answered) makes room.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Response, header};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

const HEADER_TIME: Duration = Duration::from_secs(10);
const DRAIN_TIME: Duration = Duration::from_secs(10);
const LARGEST_HEAD: usize = 16 * 1024;
const MOST: usize = 512;
const MOST_OF_ONE: usize = 32;

/// Accepts until `shutdown`, then waits for what has begun.
pub async fn run(listener: TcpListener, router: Router, closing: CancellationToken, shutdown: impl Future<Output = ()>) {
    let guests = Guests::default();
    let mut tasks = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = tasks.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    if let Some(guest) = guests.admit(from.ip()) {
                        tasks.spawn(attend(stream, router.clone(), guest, closing.clone()));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    drop(listener);
    closing.cancel();
    let drained = tokio::time::timeout(DRAIN_TIME, async { while tasks.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tasks.shutdown().await;
    }
}

async fn attend(stream: TcpStream, router: Router, guest: Guest, closing: CancellationToken) {
    // Without it small answers wait for the client's acknowledgement; that it cannot be set is no reason to refuse.
    let _refused = stream.set_nodelay(true);
    let service = service_fn(|request: Request<hyper::body::Incoming>| answer(&router, &guest, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(LARGEST_HEAD)
        .max_headers(100)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = guest.leave.cancelled() => Ok(()),
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(router: &Router, guest: &Guest, request: Request<hyper::body::Incoming>) -> Result<Response<Body>, Infallible> {
    guest.busy(true);
    let response = router.clone().oneshot(request.map(Body::new)).await;
    // Who listens to events is being answered as long as the connection lasts.
    let listens = response.as_ref().is_ok_and(|response| response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream"));
    if !listens {
        guest.busy(false);
    }
    response
}

/// Who is in the house.
#[derive(Clone, Default)]
struct Guests(Arc<Mutex<Register>>);

#[derive(Default)]
struct Register {
    next: u64,
    guests: HashMap<u64, Seat>,
}

struct Seat {
    from: IpAddr,
    busy: bool,
    /// When it was last busy, or came: counted, not timed.
    since: u64,
    leave: CancellationToken,
}

/// A connection; leaves the register when it is dropped.
struct Guest {
    number: u64,
    leave: CancellationToken,
    guests: Guests,
}

impl Guests {
    /// Lets a connection in, asking an idle one to leave when the house (or what one address may have of it) is full.
    fn admit(&self, from: IpAddr) -> Option<Guest> {
        let mut register = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let crowd = register.guests.values().filter(|seat| seat.from == from).count();
        if !from.is_loopback() && crowd >= MOST_OF_ONE {
            register.make_room(|seat| seat.from == from)?;
        } else if register.guests.len() >= MOST {
            register.make_room(|_| true)?;
        }
        let number = register.tick();
        let leave = CancellationToken::new();
        register.guests.insert(number, Seat { from, busy: false, since: number, leave: leave.clone() });
        Some(Guest { number, leave, guests: self.clone() })
    }
}

impl Register {
    fn tick(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn make_room(&mut self, among: impl Fn(&Seat) -> bool) -> Option<()> {
        let idle = self.guests.iter().filter(|(_, seat)| !seat.busy && among(seat)).min_by_key(|(_, seat)| seat.since);
        let number = idle.map(|(number, _)| *number)?;
        self.guests.remove(&number)?.leave.cancel();
        Some(())
    }
}

impl Guest {
    fn busy(&self, busy: bool) {
        let mut register = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = register.tick();
        if let Some(seat) = register.guests.get_mut(&self.number) {
            seat.busy = busy;
            seat.since = now;
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.guests.0.lock().unwrap_or_else(PoisonError::into_inner).guests.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::{Guests, MOST, MOST_OF_ONE};
    use std::net::IpAddr;

    #[test]
    fn the_longest_idle_makes_room_and_the_busy_stay() {
        let guests = Guests::default();
        let local = IpAddr::from([127, 0, 0, 1]);
        let mut inside: Vec<_> = (0..MOST).filter_map(|_| guests.admit(local)).collect();
        inside[0].busy(true);
        let late = guests.admit(local).unwrap();
        assert!(inside[1].leave.is_cancelled() && !inside[0].leave.is_cancelled());
        for guest in &inside {
            guest.busy(true);
        }
        late.busy(true);
        assert!(guests.admit(local).is_none(), "all are busy");
        inside.clear();
        assert!(guests.admit(local).is_some());
    }

    #[test]
    fn one_address_has_a_share_only() {
        let guests = Guests::default();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let other = guests.admit(other).unwrap();
        let crowd: Vec<_> = (0..=MOST_OF_ONE).filter_map(|_| guests.admit(one)).collect();
        assert!(crowd[0].leave.is_cancelled() && !other.leave.is_cancelled());
    }
}
