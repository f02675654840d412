//! A line between the program and the server that passes everything on but, when it is told to, loses what one kind of
//! request says or is answered. It counts what came, so that nothing is sent again unnoticed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of a request of the chosen kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    Pass,
    /// It arrives, its answer does not.
    LoseAnswer,
    /// It does not arrive.
    Swallow,
    /// It arrives later, when it is [`Line::deliver`]ed.
    Keep,
    /// It arrives twice.
    Double,
}

pub struct Line {
    pub origin: String,
    works: Arc<Works>,
}

struct Works {
    upstream: String,
    /// What to do to requests whose path ends in this.
    order: Mutex<(&'static str, Does)>,
    /// The `Idempotency-Key` of every such request, empty where there was none.
    came: Mutex<Vec<String>>,
    kept: Mutex<Vec<Vec<u8>>>,
}

impl Line {
    pub fn to(origin: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let upstream = origin.trim_start_matches("http://").to_owned();
        let works = Works { upstream, order: Mutex::new(("-", Does::Pass)), came: Mutex::default(), kept: Mutex::default() };
        let works = Arc::new(works);
        let inside = Arc::clone(&works);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let works = Arc::clone(&inside);
                // A client that hung up is no fault of the line.
                std::thread::spawn(move || drop(works.attend(stream)));
            }
        });
        Self { origin: own, works }
    }

    /// From now on, and counting from here.
    pub fn does(&self, end: &'static str, what: Does) {
        *self.works.order.lock().unwrap() = (end, what);
        self.works.came.lock().unwrap().clear();
    }

    /// The keys of the chosen requests that came since.
    pub fn came(&self) -> Vec<String> {
        self.works.came.lock().unwrap().clone()
    }

    /// Lets what was kept arrive.
    pub fn deliver(&self) {
        for request in self.works.kept.lock().unwrap().drain(..) {
            assert!(!self.works.forward(&request).unwrap().is_empty());
        }
    }
}

impl Works {
    fn attend(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let Some(request) = read(&mut stream)? else { return Ok(()) };
        match self.order(&request) {
            Does::Pass => stream.write_all(&self.forward(&request)?),
            Does::LoseAnswer => self.forward(&request).map(drop),
            Does::Swallow => Ok(()),
            Does::Keep => {
                self.kept.lock().unwrap().push(request);
                Ok(())
            }
            Does::Double => {
                self.forward(&request)?;
                stream.write_all(&self.forward(&request)?)
            }
        }
    }

    fn order(&self, request: &[u8]) -> Does {
        let head = String::from_utf8_lossy(request).into_owned();
        let path = head.split([' ', '?']).nth(1).unwrap_or_default();
        let (end, does) = *self.order.lock().unwrap();
        if !path.ends_with(end) {
            return Does::Pass;
        }
        let key = head.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).unwrap_or_default();
        self.came.lock().unwrap().push(key.to_owned());
        does
    }

    fn forward(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut server = TcpStream::connect(&self.upstream)?;
        server.write_all(request)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

/// One request, made to be the last on its connection so that its answer ends with it.
fn read(stream: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let (mut seen, mut buffer) = (Vec::new(), [0; 8192]);
    loop {
        let count = stream.read(&mut buffer)?;
        seen.extend_from_slice(&buffer[..count]);
        let head = seen.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&seen[..head]).to_ascii_lowercase();
            let length: usize = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
            if seen.len() >= head + 4 + length {
                let body = seen.split_off(head);
                seen.extend_from_slice(b"\r\nconnection: close");
                seen.extend_from_slice(&body);
                return Ok(Some(seen));
            }
        }
        if count == 0 {
            return Ok(None);
        }
    }
}
