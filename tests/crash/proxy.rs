//! A loopback proxy that knows where requests and answers begin and end, and does to those it is told to what networks,
//! middleboxes and gateways do. It writes down what it saw, so that nothing is sent again unnoticed.

use super::http::Message;
use std::collections::VecDeque;
use std::io::Result;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    Pass,
    /// Reset before a byte of it is read.
    Reset,
    /// Read whole, then reset: it goes nowhere.
    Swallow,
    /// Read whole, then the connection is closed in order.
    HangUp,
    /// It arrives; its answer is lost in a reset.
    LoseAnswer,
    /// It arrives; its answer ends after so many bytes.
    Cut(usize),
    /// It arrives; its answer comes so much later.
    Hold(Duration),
    /// Reset; it arrives so much later all the same.
    Late(Duration),
    /// It arrives twice, and the second answer is given.
    Twice,
    /// It arrives; its answer comes byte by byte, this long apart.
    Dribble(Duration),
    /// It arrives; its answer names another case.
    OtherCase,
    /// Somebody else answers this; `effect`: after it arrived.
    Says {
        answer: Message,
        effect: bool,
    },
    /// The beginning of an answer, then this again and again until nobody reads any more.
    Endless(Message, Vec<u8>),
}

impl Fault {
    /// An answer of a gateway.
    pub fn says(status: u16, headers: &[(&str, &str)], body: &str, effect: bool) -> Self {
        let start = Message { head: format!("HTTP/1.1 {status} Said"), body: Vec::new() };
        let answer = headers.iter().fold(start, |answer, (name, value)| answer.with(name, value)).with("connection", "close").saying(body.into());
        Self::Says { answer, effect }
    }
}

impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

/// Which requests are struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    All,
    Reads,
    Writes,
    /// Whose path ends so.
    Path(&'static str),
}

impl Kind {
    fn holds(self, method: &str, path: &str) -> bool {
        let reads = method == "GET" || path.ends_with("/follow-up/get");
        match self {
            Self::All => true,
            Self::Reads => reads,
            Self::Writes => !reads,
            Self::Path(end) => path.ends_with(end),
        }
    }
}

/// A request that came.
#[derive(Debug, Clone)]
pub struct Came {
    pub path: String,
    pub writes: bool,
    pub key: Option<String>,
    pub body: String,
    /// How often the server got it.
    pub arrived: usize,
}

pub struct Proxy {
    pub origin: String,
    address: SocketAddr,
    door: JoinHandle<()>,
    works: Arc<Works>,
}

struct Works {
    upstream: String,
    orders: Mutex<Vec<Orders>>,
    came: Mutex<Vec<Came>>,
    /// What will still arrive.
    late: AtomicUsize,
    struck: AtomicU64,
    /// Changes that are on their way, and how many were at most.
    busy: AtomicUsize,
    peak: AtomicUsize,
}

struct Orders {
    kind: Kind,
    script: VecDeque<Fault>,
    then: Fault,
}

impl Proxy {
    pub async fn before(origin: &str) -> Self {
        let upstream = origin.trim_start_matches("http://").to_owned();
        let works = Arc::new(Works {
            upstream,
            orders: Mutex::default(),
            came: Mutex::default(),
            late: AtomicUsize::new(0),
            struck: AtomicU64::new(0),
            busy: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let door = tokio::spawn(attend(listener, Arc::clone(&works)));
        Self { origin: format!("http://{address}"), address, door, works }
    }

    /// From now on: the first of this kind meet these, in order, the others pass.
    pub fn does(&self, kind: Kind, script: impl IntoIterator<Item = Fault>) {
        *self.works.orders.lock().unwrap() = vec![Orders { kind, script: script.into_iter().collect(), then: Fault::Pass }];
    }

    /// From now on all of this kind meet this.
    pub fn always(&self, kind: Kind, fault: Fault) {
        self.pass();
        self.also(kind, fault);
    }

    /// Besides what was ordered before.
    pub fn also(&self, kind: Kind, fault: Fault) {
        self.works.orders.lock().unwrap().push(Orders { kind, script: VecDeque::new(), then: fault });
    }

    pub fn pass(&self) {
        self.works.orders.lock().unwrap().clear();
    }

    /// Refuses connections, as long as it is not opened again.
    pub fn shut(&self) {
        self.door.abort();
    }

    pub async fn open(&mut self) {
        for _ in 0..400 {
            if let Ok(listener) = TcpListener::bind(self.address).await {
                self.door = tokio::spawn(attend(listener, Arc::clone(&self.works)));
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{} is taken", self.address);
    }

    /// Every request that changes something, in the order it came.
    pub fn writes(&self) -> Vec<Came> {
        self.works.came.lock().unwrap().iter().filter(|came| came.writes).cloned().collect()
    }

    /// How many requests met something.
    pub fn struck(&self) -> u64 {
        self.works.struck.load(Ordering::SeqCst)
    }

    /// How many changes were on their way at the same time at most.
    pub fn peak(&self) -> usize {
        self.works.peak.load(Ordering::SeqCst)
    }

    /// Waits until nothing is to arrive any more.
    pub async fn settled(&self) {
        while self.works.late.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.door.abort();
    }
}

async fn attend(listener: TcpListener, works: Arc<Works>) {
    while let Ok((stream, _)) = listener.accept().await {
        let works = Arc::clone(&works);
        // A client that is gone is what this is about.
        tokio::spawn(async move { drop(works.serve(stream).await) });
    }
}

impl Works {
    async fn serve(self: Arc<Self>, mut stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut rest = Vec::new();
        loop {
            let mut begin = [0; 1024];
            if rest.is_empty() && stream.peek(&mut begin).await? == 0 {
                return Ok(());
            }
            let begin = [&rest[..], &begin].concat();
            let fault = self.order(&String::from_utf8_lossy(&begin));
            if fault == Fault::Reset {
                return stream.set_zero_linger();
            }
            let Some(request) = Message::read(&mut stream, &mut rest).await? else { return Ok(()) };
            let writes = Message::target(&request.head).is_some_and(|(method, path)| Kind::Writes.holds(method, path));
            if writes {
                let busy = self.busy.fetch_add(1, Ordering::SeqCst) + 1;
                self.peak.fetch_max(busy, Ordering::SeqCst);
            }
            let treated = self.treat(&mut stream, request, fault).await;
            if writes {
                self.busy.fetch_sub(1, Ordering::SeqCst);
            }
            if !treated? {
                return Ok(());
            }
        }
    }

    fn order(&self, head: &str) -> Fault {
        let Some((method, path)) = Message::target(head) else { return Fault::Pass };
        let mut orders = self.orders.lock().unwrap();
        let Some(orders) = orders.iter_mut().find(|orders| orders.kind.holds(method, path)) else { return Fault::Pass };
        let fault = orders.script.pop_front().unwrap_or_else(|| orders.then.clone());
        self.struck.fetch_add(u64::from(fault != Fault::Pass), Ordering::SeqCst);
        fault
    }

    /// Gives whether the connection goes on.
    async fn treat(self: &Arc<Self>, stream: &mut TcpStream, request: Message, fault: Fault) -> Result<bool> {
        let number = self.note(&request);
        match fault {
            Fault::Pass => {
                let answer = self.forward(&request, number).await?;
                stream.write_all(&answer.bytes()).await?;
                return Ok(true);
            }
            Fault::Reset | Fault::Swallow => stream.set_zero_linger()?,
            Fault::HangUp => {}
            Fault::LoseAnswer => {
                self.forward(&request, number).await?;
                stream.set_zero_linger()?;
            }
            Fault::Cut(at) => {
                let answer = self.forward(&request, number).await?.bytes();
                stream.write_all(&answer[..at.min(answer.len())]).await?;
            }
            Fault::Hold(wait) => {
                let answer = self.forward(&request, number).await?;
                tokio::time::sleep(wait).await;
                stream.write_all(&answer.bytes()).await?;
            }
            Fault::Late(wait) => {
                stream.set_zero_linger()?;
                self.deliver(request, number, wait);
            }
            Fault::Twice => {
                self.forward(&request, number).await?;
                let answer = self.forward(&request, number).await?;
                stream.write_all(&answer.bytes()).await?;
            }
            Fault::Dribble(wait) => {
                for byte in self.forward(&request, number).await?.bytes() {
                    stream.write_all(&[byte]).await?;
                    tokio::time::sleep(wait).await;
                }
            }
            Fault::OtherCase => {
                let answer = self.forward(&request, number).await?;
                let body = String::from_utf8_lossy(&answer.body).replace("\"caseId\":", "\"caseId\":77").replace("\"case\":{\"id\":", "\"case\":{\"id\":77");
                stream.write_all(&answer.saying(body.into_bytes()).bytes()).await?;
            }
            Fault::Says { answer, effect } => {
                if effect {
                    self.forward(&request, number).await?;
                }
                stream.write_all(&answer.bytes()).await?;
            }
            Fault::Endless(answer, again) => {
                stream.write_all(&answer.bytes()).await?;
                loop {
                    stream.write_all(&again).await?;
                }
            }
        }
        Ok(false)
    }

    /// So much later, whatever the client does.
    fn deliver(self: &Arc<Self>, request: Message, number: usize, wait: Duration) {
        self.late.fetch_add(1, Ordering::SeqCst);
        let works = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            let _unread = works.forward(&request, number).await;
            works.late.fetch_sub(1, Ordering::SeqCst);
        });
    }

    fn note(&self, request: &Message) -> usize {
        let (method, path) = Message::target(&request.head).unwrap_or_default();
        let (writes, key) = (Kind::Writes.holds(method, path), request.header("idempotency-key").map(str::to_owned));
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let mut came = self.came.lock().unwrap();
        came.push(Came { path: path.to_owned(), writes, key, body, arrived: 0 });
        came.len() - 1
    }

    /// One connection each, so that an answer ends with it.
    async fn forward(&self, request: &Message, number: usize) -> Result<Message> {
        let mut server = TcpStream::connect(&self.upstream).await?;
        server.set_nodelay(true)?;
        server.write_all(&request.clone().with("connection", "close").bytes()).await?;
        let answer = Message::read(&mut server, &mut Vec::new()).await?;
        self.came.lock().unwrap()[number].arrived += 1;
        Ok(answer.unwrap_or_default().without("connection"))
    }
}
