//! Real text of many scripts in a thread: every line as wide as it says, no border shifted, words and graphemes whole.

use super::hostile::{assert_borders, borders};
use super::world::{lay_out, message, now, reading};
use super::{painted, screen};
use caseload::app::State;
use caseload::app::lines::{Layout, layout, wrap::cells};
use caseload::model::{Conversation, Mail, MessageKind, SenderType, ThreadId};
use insta::assert_snapshot;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

pub const SAMPLES: [(&str, &str); 60] = [
    ("Chinese", "我的包裹在哪里？它本应在星期五到达，但是到现在还没有任何消息。"),
    ("Traditional", "請問我的訂單什麼時候會送達？謝謝您的幫忙。"),
    ("Japanese", "私の荷物はどこですか？金曜日に届く予定でしたが、まだ届いていません。"),
    ("half width", "ｶﾞｷﾞｸﾞ ﾊﾟｿｺﾝ ｱｲｳｴｵ"),
    ("full width", "ＡＢＣ　１２３　（全角）"),
    ("Korean", "내 소포가 어디에 있나요? 금요일에 도착할 예정이었습니다."),
    ("jamo", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} 각각 한글"),
    ("old jamo", "ᄀᆞᆯ ᄒᆞᆫ"),
    ("Thai", "พัสดุของฉันอยู่ที่ไหน กำลังเดินทางอยู่หรือเปล่าครับ น้ำใจ"),
    ("Lao", "ພັດສະດຸຂອງຂ້ອຍຢູ່ໃສ"),
    ("Khmer", "កញ្ចប់របស់ខ្ញុំនៅឯណា"),
    ("Burmese", "ကျွန်တော့်ပါဆယ် ဘယ်မှာလဲ"),
    ("Devanagari", "मेरा पार्सल कहाँ है? क्षत्रिय, ज्ञान और श्री"),
    ("Bengali", "আমার পার্সেল কোথায়? ক্ষমা করবেন"),
    ("Tamil", "என் பார்சல் எங்கே இருக்கிறது?"),
    ("Telugu", "నా పార్సెల్ ఎక్కడ ఉంది?"),
    ("Kannada", "ನನ್ನ ಪಾರ್ಸೆಲ್ ಎಲ್ಲಿದೆ?"),
    ("Malayalam", "എന്റെ പാഴ്സൽ എവിടെയാണ്?"),
    ("Sinhala", "මගේ පාර්සලය කොහෙද?"),
    ("Gujarati", "મારું પાર્સલ ક્યાં છે?"),
    ("Gurmukhi", "ਮੇਰਾ ਪਾਰਸਲ ਕਿੱਥੇ ਹੈ?"),
    ("Tibetan", "ངའི་ཐུམ་སྒྲིལ་ག་བར་ཡོད།"),
    ("Arabic", "أين طلبي؟ كان من المفترض أن يصل يوم الجمعة."),
    ("with marks", "أَيْنَ طَلَبِي؟ السَّلَامُ عَلَيْكُمْ"),
    ("Persian", "بستهٔ من کجاست؟ می‌خواهم بدانم"),
    ("Urdu", "میرا پارسل کہاں ہے؟"),
    ("Hebrew", "שלום, איפה החבילה שלי? חיכיתי כל היום."),
    ("pointed", "שָׁלוֹם עֲלֵיכֶם"),
    ("Yiddish", "װוּ איז מײַן פּעקל?"),
    ("Syriac", "ܫܠܡܐ ܥܠܘܟ"),
    ("mixed", "Order 4410 הוזמן ב-23.11 for 12.50€ אצלכם"),
    ("mixed too", "رقم الطلب A-43133 من shop.example؟"),
    ("Russian", "Где моя посылка? Она должна была прийти в пятницу."),
    ("Ukrainian", "Де моя посилка? Їй вже час прийти."),
    ("Greek", "Πού είναι το δέμα μου;"),
    ("polytonic", "ἐν ἀρχῇ ἦν ὁ λόγος"),
    ("Armenian", "Որտե՞ղ է իմ ծանրոցը"),
    ("Georgian", "სად არის ჩემი ამანათი?"),
    ("Amharic", "ጥቅሌ የት አለ?"),
    ("Cherokee", "ᎠᏂᏴᏫᏯ ᏣᎳᎩ"),
    ("Mongolian", "Миний илгээмж хаана байна?"),
    ("Vietnamese", "Gói hàng của tôi đâu rồi? Đáng lẽ phải đến hôm thứ sáu."),
    ("Turkish", "Kargom nerede? İstanbul'a gelecekti, ışığı gördüm."),
    ("Polish", "Gdzie jest moja paczka? Zażółć gęślą jaźń."),
    ("Czech", "Kde je můj balík? Příliš žluťoučký kůň."),
    ("Icelandic", "Hvar er pakkinn minn? Þetta er óþægilegt."),
    ("German", "Wo ist mein Paket? Straßenübergangsgenehmigungsverfahrensordnung!"),
    ("composed", "naïve café e\u{301}a\u{308}o\u{302}\u{323} Z\u{30c}lut\u{30c}"),
    ("families", "👨‍👩‍👧‍👦 👩‍👩‍👧 👨‍👦 👪"),
    ("skins", "👍🏻👍🏽👍🏿 👩🏽‍💻 🧑🏾‍🚀 🤝🏼"),
    ("flags", "🇳🇴🇯🇵🇩🇪 🏴‍☠️ 🏳️‍🌈 🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
    ("hearts", "❤️ ❤️‍🔥 ♥ 💔 👩🏻‍❤️‍💋‍👨🏿"),
    ("keycaps", "1️⃣2️⃣3️⃣ #️⃣ *️⃣ 🔟"),
    ("text emoji", "☺ ☎ ✂ ✔ ⚠ ⌚ ⏰ ☎️ ⚠️"),
    ("new emoji", "🫠🫡🩷🪿 🫱🏿‍🫲🏻"),
    ("mathematics", "𝒳 ∑ ∫ ≤ ≠ √2 ½ x² H₂O"),
    ("lines", "┌─┐│▌█▒ ── ━━ ║"),
    ("ambiguous", "○●◎★☆※→←°±×÷§¶"),
    ("wide sum", "合计：¥１２３４５．００元整，谢谢惠顾！！！"),
    ("a long word", "https://shop.example/我的/包裹?q=荷物はどこですか&x=กำลังเดินทาง"),
];

fn told(width: u16, height: u16) -> State {
    let mut state = reading(width, height);
    let said = |(at, (name, text)): (i64, &(&str, &str))| message(at, 4410, (SenderType::Contact, at, *name), MessageKind::Message, "09:00", text);
    let messages = (1_i64..).zip(&SAMPLES).map(|pair| said((pair.0, pair.1))).collect();
    if let Some(reader) = &mut state.reader {
        reader.conversation =
            Conversation { thread: ThreadId(4391), cases: vec![super::world::case()], messages, fetched: Some(now()), ..Conversation::default() };
        reader.message = None;
    }
    lay_out(&mut state);
    state
}

#[test]
fn every_script_is_whole_and_moves_no_border() {
    for (width, height) in [(40, 12), (41, 60), (80, 24), (81, 50), (120, 40), (121, 60)] {
        let mut state = told(width, height);
        for _ in 0..30 {
            assert_borders(&painted(&state), &borders(&state), &format!("{width}×{height}"));
            caseload::app::reader::scroll_page(&mut state, -1);
        }
    }
    for (width, height) in [(40, 250), (80, 230), (120, 200)] {
        assert_snapshot!(format!("scripts_{width}"), screen(&told(width, height)));
    }
}

fn mixed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(SAMPLES.map(|(_, text)| text.to_owned()).to_vec()),
        2 => any::<char>().prop_map(String::from),
        1 => prop::sample::select(vec![" ", "\n", "> ", "**", "`", "- ", "-- \n", "[x](https://a.example/é)", "\u{200d}", "\u{fe0f}", "\u{301}", "🏽", "🇳"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What the layout counts is what the terminal's buffer takes, and no grapheme is torn.
    #[test]
    fn lines_are_as_wide_as_they_say(text in mixed(), width in 1_u16..90, html in any::<bool>(), mail in any::<bool>()) {
        let mut one = message(1, 4410, (SenderType::Contact, 9, "Mina 佐藤"), MessageKind::Message, "09:00", &text);
        if mail {
            let body = |on: bool| on.then(|| text.as_str().into());
            one.mail = Some(Box::new(Mail { html_body: body(html), text_body: body(!html), subject: text.as_str().into(), ..Mail::default() }));
        }
        let conversation = Conversation { messages: vec![one], ..Conversation::default() };
        let how = Layout { width, now: now(), utc_offset: 0, me: None, keys: true };
        for line in layout(&conversation, &[], &how) {
            prop_assert!(cells(&line.text) <= usize::from(width), "{line:?}");
            let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, width * 2 + 2, 1));
            let (end, _) = buffer.set_stringn(0, 0, &line.text, usize::from(width) * 2, ratatui::style::Style::new());
            prop_assert_eq!(usize::from(end), cells(&line.text), "{:?}", line.text);
            for mark in &line.marks {
                let ends = |at: usize| at == line.text.len() || line.text.grapheme_indices(true).any(|(begin, _)| begin == at);
                prop_assert!(mark.from < mark.to && ends(mark.from) && ends(mark.to), "{line:?}");
            }
        }
    }
}
