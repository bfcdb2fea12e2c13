//! Keys and tokens: by the prefixes that their issuers gave them, and by the key that they stand behind.

use super::bytes::*;
use super::context::key_ends;

/// A form of token: what it begins with, how many characters stand before that at least, then so many at least of an
/// alphabet; a longer stretch of it belongs to the token.
struct Form(&'static [u8], u8, Class, u16);

const UPPER_DIGIT: Class = UPPER | DIGIT;
const DOTTED: Class = URL64 | DOT;
const PATH: Class = URL64 | PLUS_SLASH;
const PADDED: Class = STD64 | EQUALS;

/// Issuers and the lengths they give are in `DETECTORS.md`.
const FORMS: &[Form] = &[
    // AWS
    Form(b"AKIA", 0, UPPER_DIGIT, 16),
    Form(b"ASIA", 0, UPPER_DIGIT, 16),
    Form(b"ABIA", 0, UPPER_DIGIT, 16),
    Form(b"ACCA", 0, UPPER_DIGIT, 16),
    // Google
    Form(b"AIza", 0, URL64, 35),
    Form(b"GOCSPX-", 0, URL64, 28),
    Form(b"ya29.", 0, DOTTED, 20),
    // Azure: storage, service bus, shared access signatures, client secrets
    Form(b"AccountKey=", 0, PADDED, 43),
    Form(b"SharedAccessKey=", 0, PADDED, 43),
    Form(b"sig=", 0, PADDED | PERCENT, 43),
    Form(b"Q~", 4, DOTTED | TILDE, 31),
    // GitHub
    Form(b"ghp_", 0, ALNUM, 36),
    Form(b"gho_", 0, ALNUM, 36),
    Form(b"ghu_", 0, ALNUM, 36),
    Form(b"ghs_", 0, DOTTED, 36),
    Form(b"ghr_", 0, ALNUM, 36),
    Form(b"github_pat_", 0, ALNUM | LOW, 36),
    // GitLab
    Form(b"glpat-", 0, DOTTED, 20),
    Form(b"gldt-", 0, URL64, 20),
    Form(b"glrt-", 0, DOTTED, 20),
    Form(b"glptt-", 0, URL64, 20),
    Form(b"glft-", 0, URL64, 20),
    Form(b"glsoat-", 0, URL64, 20),
    Form(b"glcbt-", 0, URL64, 20),
    Form(b"glagent-", 0, URL64, 20),
    Form(b"gloas-", 0, URL64, 20),
    // Slack, Discord, Microsoft Teams, Telegram
    Form(b"xoxb-", 0, URL64, 16),
    Form(b"xoxp-", 0, URL64, 16),
    Form(b"xoxa-", 0, URL64, 16),
    Form(b"xoxo-", 0, URL64, 16),
    Form(b"xoxr-", 0, URL64, 16),
    Form(b"xoxs-", 0, URL64, 16),
    Form(b"xoxe-", 0, URL64, 16),
    Form(b"xoxe.xox", 0, DOTTED, 16),
    Form(b"xoxc-", 0, URL64, 16),
    Form(b"xoxd-", 0, URL64 | PERCENT | PLUS_SLASH, 16),
    Form(b"xapp-", 0, URL64, 16),
    Form(b"hooks.slack.com/", 0, PATH, 24),
    Form(b"discord.com/api/webhooks/", 0, PATH, 40),
    Form(b"webhook.office.com/webhookb2/", 0, PATH | DOT, 40),
    Form(b":AA", 8, URL64, 32),
    // Stripe
    Form(b"sk_live_", 0, ALNUM, 16),
    Form(b"sk_test_", 0, ALNUM, 16),
    Form(b"rk_live_", 0, ALNUM, 16),
    Form(b"rk_test_", 0, ALNUM, 16),
    Form(b"whsec_", 0, PADDED, 20),
    // npm, PyPI, RubyGems, Docker
    Form(b"npm_", 0, ALNUM, 36),
    Form(b"pypi-", 0, URL64, 50),
    Form(b"rubygems_", 0, HEX, 48),
    Form(b"dckr_pat_", 0, URL64, 24),
    // OpenAI, Anthropic, OpenRouter; Hugging Face, Groq, xAI, Perplexity, Replicate
    Form(b"sk-", 0, URL64, 32),
    Form(b"hf_", 0, ALNUM, 30),
    Form(b"gsk_", 0, ALNUM, 40),
    Form(b"xai-", 0, ALNUM, 60),
    Form(b"pplx-", 0, ALNUM, 40),
    Form(b"r8_", 0, ALNUM, 37),
    // Twilio, SendGrid, Mailgun, Brevo
    Form(b"SK", 0, HEX, 32),
    Form(b"AC", 0, HEX, 32),
    Form(b"SG.", 0, DOTTED, 32),
    Form(b"key-", 0, HEX, 32),
    Form(b"xkeysib-", 0, URL64, 64),
    // New Relic, Grafana, Sentry, Datadog
    Form(b"NRAK-", 0, UPPER_DIGIT, 27),
    Form(b"NRJS-", 0, HEX, 19),
    Form(b"NRII-", 0, URL64, 32),
    Form(b"NRRA-", 0, HEX, 42),
    Form(b"NRAL", 32, ALNUM, 0),
    Form(b"glsa_", 0, ALNUM | LOW, 32),
    Form(b"glc_", 0, PADDED, 32),
    Form(b"sntrys_", 0, PADDED | LOW, 32),
    Form(b"sntryu_", 0, HEX, 64),
    Form(b"ddapp_", 0, ALNUM, 34),
    // Shopify, Square, Atlassian, Notion, Linear, Figma, Postman, HubSpot, Contentful
    Form(b"shpat_", 0, HEX, 32),
    Form(b"shpca_", 0, HEX, 32),
    Form(b"shppa_", 0, HEX, 32),
    Form(b"shpss_", 0, HEX, 32),
    Form(b"sq0atp-", 0, URL64, 22),
    Form(b"sq0csp-", 0, URL64, 43),
    Form(b"ATATT3", 0, URL64 | EQUALS, 100),
    Form(b"secret_", 0, ALNUM, 43),
    Form(b"ntn_", 0, ALNUM, 40),
    Form(b"lin_api_", 0, ALNUM, 40),
    Form(b"figd_", 0, URL64, 40),
    Form(b"PMAK-", 0, ALNUM | DASH, 59),
    Form(b"pat-na", 0, ALNUM | DASH, 36),
    Form(b"pat-eu", 0, ALNUM | DASH, 36),
    Form(b"CFPAT-", 0, URL64, 43),
    // DigitalOcean, Heroku, HashiCorp, Pulumi, Doppler, PlanetScale, Supabase, Dynatrace, JFrog, Alibaba, Databricks
    Form(b"dop_v1_", 0, HEX, 64),
    Form(b"doo_v1_", 0, HEX, 64),
    Form(b"dor_v1_", 0, HEX, 64),
    Form(b"HRKU-", 0, URL64, 36),
    Form(b"hvs.", 0, URL64, 24),
    Form(b"hvb.", 0, URL64, 24),
    Form(b".atlasv1.", 14, URL64 | EQUALS, 60),
    Form(b"pul-", 0, HEX, 40),
    Form(b"dp.pt.", 0, ALNUM, 40),
    Form(b"pscale_", 0, DOTTED, 32),
    Form(b"sbp_", 0, HEX, 40),
    Form(b"dt0c01.", 0, DOTTED, 64),
    Form(b"AKCp", 0, ALNUM, 60),
    Form(b"LTAI", 0, ALNUM, 16),
    // age
    Form(b"AGE-SECRET-KEY-1", 0, UPPER_DIGIT, 58),
];

/// What makes a search stop at a form: the first of these in it, but at its very start.
pub(super) const ANCHORS: &[u8] = b"_-.=~KICRAS";

const fn anchor(form: &[u8]) -> usize {
    let mut at = 1;
    while at < form.len() {
        let mut known = 0;
        while known < ANCHORS.len() {
            if form[at] == ANCHORS[known] {
                return at;
            }
            known += 1;
        }
        at += 1;
    }
    0
}

/// Of each form its anchor's place.
const PLACES: [u8; FORMS.len()] = {
    let mut places = [0; FORMS.len()];
    let mut row = 0;
    while row < FORMS.len() {
        places[row] = anchor(FORMS[row].0) as u8;
        assert!(places[row] > 0, "a form without an anchor behind its first byte is never found");
        row += 1;
    }
    places
};

/// Of each anchor, by its five lowest bits, which tell them apart: the bytes that stand before it in some form, as bits.
const BEFORE: [u128; 32] = {
    let mut before = [0; 32];
    let mut row = 0;
    while row < FORMS.len() {
        let (form, place) = (FORMS[row].0, PLACES[row] as usize);
        before[form[place] as usize & 31] |= 1 << form[place - 1];
        row += 1;
    }
    before
};

/// Whether some form may have a byte as its anchor, behind another.
#[inline(always)]
pub(super) fn may_be(before: u8, anchor: u8) -> bool {
    BEFORE[usize::from(anchor & 31)] >> (before & 127) & 1 != 0
}

/// Of each form its anchor and the two bytes before, the first 0 where the form has but one.
const KEYS: [u32; FORMS.len()] = {
    let mut keys = [0; FORMS.len()];
    let mut row = 0;
    while row < FORMS.len() {
        let (form, place) = (FORMS[row].0, PLACES[row] as usize);
        let first = if place > 1 { form[place - 2] } else { 0 };
        keys[row] = u32::from_be_bytes([0, first, form[place - 1], form[place]]);
        row += 1;
    }
    keys
};

/// A token around an anchor: its start and end.
#[inline(never)]
pub(super) fn around(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let two = u32::from_be_bytes([0, 0, before(text, at, 1), byte(text, at)]);
    let three = two | u32::from(before(text, at, 2)) << 16;
    // All are compared before one is looked for: this way sixteen and more are compared at a time.
    if KEYS.iter().fold(0, |any, key| any | u32::from((*key == two) | (*key == three))) == 0 {
        return None;
    }
    FORMS.iter().zip(PLACES).zip(KEYS).find_map(|((form, place), key)| {
        let anchored = key == two || key == three;
        if anchored { formed(text, at.checked_sub(place.into())?, form) } else { None }
    })
}

#[inline(never)]
fn formed(text: &[u8], start: usize, Form(prefix, behind, alphabet, least): &Form) -> Option<(usize, usize)> {
    let rest = start + prefix.len();
    if text.get(start..rest) != Some(prefix) {
        return None;
    }
    let first = if *behind > 0 { run_back(text, start, *alphabet & !EQUALS, 64) } else { start };
    if start - first < usize::from(*behind) || *behind == 0 && is(before(text, first, 1), ALNUM) {
        return None;
    }
    // Only as much is looked at as tells a token, until it is known to be one: whoever repeats prefixes gains no time.
    let least = usize::from(*least);
    let near = run(text.get(..text.len().min(rest + least + 64)).unwrap_or_default(), rest, *alphabet);
    let told = text.get(if *behind > 0 { first } else { rest }..near)?;
    if near < rest + least || alphabet & LOWER != 0 && !looks_random(told) {
        return None;
    }
    let end = run(text, rest, *alphabet);
    let end = if before(text, end, 1) == b'.' { end - 1 } else { end };
    (!is(byte(text, end), ALNUM)).then_some((first, end))
}

/// How keys end that hold what opens doors.
const DOORS: [&[u8]; 14] = [
    b"secret",
    b"secretkey",
    b"secretaccesskey",
    b"apikey",
    b"appkey",
    b"applicationkey",
    b"accesskey",
    b"accountkey",
    b"licensekey",
    b"apitoken",
    b"accesstoken",
    b"authtoken",
    b"refreshtoken",
    b"sessiontoken",
];

/// Shortest token that is found by its key.
pub(super) const SHORTEST: usize = 20;
/// What it is made of.
pub(super) const KEYED: Class = URL64 | PLUS_SLASH | EQUALS | DOT | TILDE;

/// The end of a token that stands behind a key: with digits and letters, and no UUID.
#[inline(never)]
pub(super) fn keyed(key: &[u8], text: &[u8], start: usize) -> Option<usize> {
    let near = run(text.get(..text.len().min(start + 64))?, start, KEYED);
    let token = text.get(start..near)?;
    let any = |class| token.iter().any(|byte| is(*byte, class));
    let shaped = token.len() >= SHORTEST && any(DIGIT) && any(LETTER) && !crate::format::uuid::is_uuid(token);
    (shaped && DOORS.iter().any(|word| key_ends(key, word))).then(|| run(text, start, KEYED))
}

/// The same of a key in the text, behind which a colon or equals sign stands: the token's start and end.
pub(super) fn bound(text: &[u8], at: usize) -> Option<(usize, usize)> {
    if !is(byte(text, at + SHORTEST), KEYED) {
        return None; // whatever pads it, a token goes on there
    }
    let pad = |byte: u8| is(byte, BLANK) || matches!(byte, b'"' | b'\'' | b'\\' | b'>');
    let start = (at + 1..at + 5).find(|&start| !pad(byte(text, start)))?;
    let end = (0..4).map(|len| at.saturating_sub(len)).find(|&end| !pad(before(text, end, 1)))?;
    let key = text.get(run_back(text, end, URL64 | DOT, 40)..end)?;
    keyed(key, text, start).map(|end| (start, end))
}
