//! Attachments over the wire and onto the disk: who sees the key, what is followed, what is cut off, and what a name becomes.

use super::{CANARY, api, hasty};
use caseload::api::{Api, Found};
use caseload::app::files::{Saved, Saving};
use caseload::model::{Attachment, Bytes, base64};
use caseload::runtime::{Server, save};
use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn serves(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path("/f")).respond_with(answer).mount(&server).await;
    server
}

fn file(name: &str, from: Bytes) -> Attachment {
    Attachment { name: name.into(), from, ..Attachment::default() }
}

async fn saved(api: Api, folder: &Path, files: Vec<Attachment>, hosts: &[&str]) -> Saved {
    let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    let saving = Saving { folder: folder.display().to_string(), files, hosts };
    save(Some(&Server::new(api)), &saving, &|_, _, _| {}).await
}

fn below(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn the_key_goes_to_the_case_server_and_to_nobody_else() {
    let bytes = (0..3_000_000_u32).map(|at| at.to_le_bytes()[at as usize % 4]).collect::<Vec<u8>>();
    let own = serves(ResponseTemplate::new(200).set_body_bytes(bytes.clone())).await;
    let other = serves(ResponseTemplate::new(200).set_body_bytes(b"stranger".to_vec())).await;
    let folder = tempfile::tempdir().unwrap();
    let foreign = format!("{}/f", other.uri());
    let files = vec![file("a.bin", Bytes::Url("/f".into())), file("a.bin", Bytes::Url(foreign.clone()))];
    let first = saved(api(&own.uri()), folder.path(), files.clone(), &[]).await;
    assert_eq!((first.names, first.failed), (vec!["a.bin".to_owned()], Vec::new()));
    assert_eq!(first.elsewhere, [(files[1].clone(), foreign)]);
    assert!(other.received_requests().await.unwrap().is_empty(), "a stranger was asked without a word of the agent's");
    let second = saved(api(&own.uri()), folder.path(), files, &["127.0.0.1"]).await;
    assert_eq!(second.names, ["a (2).bin", "a (3).bin"]);
    assert_eq!(std::fs::read(folder.path().join("a (2).bin")).unwrap(), bytes);
    assert_eq!(std::fs::read(folder.path().join("a (3).bin")).unwrap(), b"stranger");
    assert!(own.received_requests().await.unwrap().iter().all(|asked| asked.headers["authorization"].to_str().unwrap().contains(CANARY)));
    let asked = other.received_requests().await.unwrap();
    assert_eq!((asked.len(), asked[0].headers.contains_key("authorization")), (1, false));
}

#[tokio::test]
async fn nothing_is_followed() {
    let other = serves(ResponseTemplate::new(200)).await;
    let to = format!("{}/f?sign=1", other.uri());
    let own = serves(ResponseTemplate::new(302).insert_header("location", to.as_str())).await;
    let found = api(&own.uri()).download("/f", &["127.0.0.1".to_owned()]).await.unwrap();
    assert!(matches!(found, Found::Elsewhere(place) if place == to));
    assert!(other.received_requests().await.unwrap().is_empty());
    let round = serves(ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
    assert!(api(&round.uri()).download("/f", &[]).await.unwrap_err().text.contains("not followed"));
    for place in ["http://files.example/f", "file:///etc/passwd", "https://a:b@files.example/f", "javascript:alert(1)", "//", "data:,x"] {
        assert!(api(&own.uri()).download(place, &["files.example".to_owned()]).await.is_err(), "{place}");
    }
}

#[tokio::test]
async fn what_does_not_come_whole_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        // Shorter than it said; longer than anybody wants; and one that never goes on.
        for (head, close) in [("Content-Length: 100", true), ("Content-Length: 999999999999", true), ("Content-Length: 100", false)] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _read = stream.read(&mut [0; 4096]).await.unwrap();
            stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nhalf").as_bytes()).await.unwrap();
            if !close {
                tokio::time::sleep(std::time::Duration::from_secs(20)).await;
            }
        }
    });
    for wanted in ["connection broke", "larger than 256 MiB", "stopped coming"] {
        let asked = saved(hasty(&origin), folder.path(), vec![file("a.bin", Bytes::Url("/f".into()))], &[]).await;
        assert!(asked.names.is_empty() && asked.failed[0].1.contains(wanted), "{wanted}: {asked:?}");
    }
    let refused = serves(ResponseTemplate::new(404)).await;
    let files =
        vec![file("a", Bytes::Url("/f".into())), file("b", Bytes::Inline("%%%".into())), file("c", Bytes::Missing), file("d", Bytes::Inline("eA".into()))];
    let asked = saved(api(&refused.uri()), folder.path(), files, &[]).await;
    assert_eq!(asked.names, ["d"], "one that cannot be had keeps none of the others");
    assert_eq!(asked.failed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(below(folder.path()), BTreeSet::from(["d".to_owned()]));
}

/// Names that a sender may choose.
const NAMES: &[&str] = &[
    "",
    " ",
    ".",
    "..",
    "...",
    "/",
    "\\",
    "a/",
    "a\\",
    "../",
    "..\\",
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "//host/share",
    "C:",
    "C:\\a.txt",
    "C:a.txt",
    "~",
    "~/.ssh/id",
    "~root",
    "$(reboot)",
    "`reboot`",
    "$HOME",
    "${IFS}",
    "a;b",
    "a|b",
    "a&b",
    "a>b",
    "a<b",
    "a*b",
    "a?b",
    "a\"b",
    "a'b",
    "a\nb",
    "a\rb",
    "a\tb",
    "a\0b",
    "\0",
    "a\u{1b}[2Jb",
    "\u{9b}31m",
    "-rf",
    "--help",
    "-",
    "--",
    ".bashrc",
    ".ssh",
    "..a",
    ". a",
    "- a",
    "a.",
    "a ",
    "a. . ",
    "a\u{202e}gpj.exe",
    "a\u{2066}b",
    "a\u{200b}b",
    "a\u{feff}b",
    "a\u{e0041}b",
    "a\u{34f}b",
    "CON",
    "NUL.txt",
    "COM1",
    "LPT9.doc",
    "aux",
    "a:b",
    "a::$DATA",
    "a／b",
    "a＼b",
    "a∕b",
    "a⁄b",
    "%2e%2e%2f",
    "a%00b",
    "file://a",
    "http://a/b",
    "a#b",
    "a@b",
    "a=b",
    "a,b",
    "[a]",
    "{a}",
    "a!b",
    "a^b",
    "荷物.png",
    "Zeugnis für Łukasz.pdf",
    "é",
    "e\u{301}",
    "😀.png",
    "👩‍👩‍👧.jpg",
    "שלום.pdf",
    "مرحبا.doc",
    "ไทย.txt",
    "हिन्दी.txt",
    "\u{301}a",
    "\u{feff}",
    "\u{ad}",
    "\u{2028}a",
    "\u{fffe}",
    "desktop.ini",
    "a.lnk",
    "a.exe",
    ".htaccess",
    "index.html",
    "a.tar.gz",
    "no ending",
    "a..b",
    "a. b",
    "(a)",
    "a (2).txt",
    ".caseload-part-1-0",
    "authorized_keys",
    "wp-config.php",
    "a\u{2060}b",
    "a\u{1d173}b",
    "a\u{fff9}b",
    "a\u{85}b",
    "a\u{7f}b",
];

/// And long ones.
fn names() -> Vec<String> {
    let long = [
        ("x".repeat(10_240)),
        format!("{}.pdf", "é".repeat(5_000)),
        format!("a.{}", "b".repeat(300)),
        format!("{}a", "../".repeat(3_000)),
        "\u{202e}".repeat(500),
        "荷".repeat(400),
    ];
    NAMES.iter().map(|name| (*name).to_owned()).chain(long).collect()
}

#[tokio::test]
async fn no_name_leaves_the_folder_or_touches_what_is_there() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("d");
    std::fs::create_dir(&folder).unwrap();
    let secret = home.path().join("secret");
    std::fs::write(&secret, "mine").unwrap();
    for name in ["passwd", "rf", "bashrc", "file", "a"] {
        symlink(&secret, folder.join(name)).unwrap();
    }
    let before = below(&folder);
    let names = names();
    assert!(names.len() >= 120, "{}", names.len());
    let files = names.iter().map(|name| file(name, Bytes::Inline(base64::encode(name.as_bytes())))).collect();
    let asked = saved(api("http://127.0.0.1:9"), &folder, files, &[]).await;
    assert_eq!((asked.names.len(), asked.failed.len()), (names.len(), 0), "{:?}", asked.failed);
    let distinct: BTreeSet<String> = asked.names.iter().cloned().collect();
    assert_eq!(distinct.len(), names.len(), "two files share a name");
    for (raw, name) in names.iter().zip(&asked.names) {
        assert!(!name.is_empty() && name.len() <= 130 && !name.starts_with(['.', '-', '~']) && !name.ends_with(['.', ' ']), "{raw:?} {name:?}");
        assert!(!name.chars().any(|c| c.is_control() || "/\\:$`;|&<>*?\"'\u{202e}\u{200b}\u{2066}\u{feff}／＼∕⁄".contains(c)), "{raw:?} {name:?}");
        assert_eq!(std::fs::read(folder.join(name)).unwrap(), raw.as_bytes(), "{raw:?}");
    }
    let wanted: BTreeSet<String> = before.into_iter().chain(distinct).collect();
    assert_eq!(below(&folder), wanted);
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "mine");
    assert_eq!(below(home.path()), BTreeSet::from(["d".to_owned(), "secret".to_owned()]));
}
