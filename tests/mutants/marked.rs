//! What stands on the disk while the first byte of a request arrives: looked at from the other end of the wire.

use crate::cli::House;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

/// Passes everything on to a server and tells of what clients say.
fn relay(server: String, heard: impl Fn(&[u8]) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(heard);
    spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(upstream) = TcpStream::connect(&server) else { return };
            let (from, to, heard) = (client.try_clone().unwrap(), upstream.try_clone().unwrap(), heard.clone());
            spawn(move || copy(from, to, |bytes| heard(bytes)));
            spawn(move || copy(upstream, client, |_| {}));
        }
    });
    address
}

fn copy(mut from: TcpStream, mut to: TcpStream, heard: impl Fn(&[u8])) {
    let mut bytes = [0; 16_384];
    while let Ok(count) = from.read(&mut bytes) {
        heard(&bytes[..count]);
        if count == 0 || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _closed = to.shutdown(std::net::Shutdown::Write);
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    entries.into_iter().find_map(|path| if path.is_dir() { find(&path, name) } else { path.ends_with(name).then_some(path) })
}

#[test]
fn an_operation_is_marked_on_the_disk_before_its_first_byte_arrives() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    let states: Arc<Mutex<Vec<String>>> = Arc::default();
    let (kept, home) = (states.clone(), house.home());
    let server = house.account().0.trim_start_matches("http://").to_owned();
    let address = relay(server, move |bytes| {
        if bytes.starts_with(b"POST ") {
            let db = rusqlite::Connection::open(find(&home, "outbox.db").unwrap()).unwrap();
            let state = db.query_row("SELECT state FROM op ORDER BY seq DESC LIMIT 1", [], |row| row.get(0)).unwrap();
            kept.lock().unwrap().push(state);
        }
    });
    let said = house.said(house.command().env("CASELOAD_URL", format!("http://{address}")).args(["reply", &id, "--text", "on its way"]), "");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(*states.lock().unwrap(), ["sending"]);
}
