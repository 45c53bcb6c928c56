"""Rules that keep contact data of people out of the register."""

from __future__ import annotations

import re
import unicodedata

from evcollab.validation.catalogue import quoted, rule
from evcollab.validation.rules.cells import in_words, is_prose
from evcollab.validation.rules.shapes import FORUM, of_cells, row

_EMAIL = re.compile(r"(?<![@\w.+%-])[\w.+%-]{1,64}(?:@|%40)(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")
_PHONE = re.compile(
    r"""
    (?<![\w.+-])(?:
        (?:\+|00\ ?)[1-9]\d{0,3}(?:[ ./()-]{0,3}\d{1,5}){2,6}        # +856 21 123 456
      | \(0?\d{2,4}\)[ -]?\d{3,4}[ -]?\d{3,4}                         # (021) 555 0199
      | 0\d{1,4}[ /-]\d{3,4}[ -]?\d{3,5}                              # 021-5550199
      | \d{3}-\d{3}-\d{4}                                             # 555-555-0199
      | (?:tel|phone|telephone|mobile|fax|whatsapp)\b[.:]?\s*[+(]?\d(?:[ ./()-]?\d){5,14}
    )(?![\w-])
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_DIGITS = r"\pN([ ./()\x{2010}-\x{2015}-]*\pN){%d}"
"""RE2: so many digits more than one, of any script, with nothing but spaces and punctuation between them."""
_SIX_DIALLED = r"(?i)[+\x{ff0b}]|(^|[^0-9])0[0-9]|[^\x00-\x7f]|tel|phone|mobile|fax|whatsapp"
"""RE2: what else a text holds whose telephone number may have six digits only."""

rule(
    "privacy-email",
    at=of_cells(
        lambda field: True,
        "contains({cell}, '@') OR contains({cell}, '%40')",
        "holds an e-mail address; expected no contact data",
        lambda text: _EMAIL.search(text) is not None,
    ),
    summary="No cell holds an e-mail address.",
    why="The register keeps no contact data of people; names and posts are enough.",
    fix="Delete the address; give the organisation's website if it helps.",
    good=row("events", FORUM, url="https://video.example.org/@forum.channel/1"),
    bad=row("events", FORUM, summary="Write to jane.roe@example.org to take part."),
)
_SPELT = re.compile(
    r"[\w.+-]{2,64}\s*[(\[{<]\s*(?:at|arroba|ät|@)\s*[)\]}>]\s*[\w-]{2,}|(?-i:\b[\w.]{2,64}AT[\w-]{2,}DOT[A-Za-z]{2,})"
    r"|[\w.+-]{2,64}\s+(?:at|arroba)\s+[\w-]{2,}(?:\s*[(\[{<]?\s*\b(?:dot|punkt|punto)\b\s*[)\]}>]?\s*|\s+\.\s+|\.)(?:[a-z]{2,}[ .]?){1,3}(?![\w])"
    r"|[\w.+-]{2,64}\s*[@\uff20\ufe6b]\s*[\w-]{2,}\s*(?:[.\uff0e\u3002]|\s(?:dot|punkt|punto)\s)\s*[a-z\uff41-\uff5a]{2,}"
    r"|[\w.+-]{2,64}\s*(?:&#64;|\(a\)|_at_|-at-)\s*[\w-]{2,}",
    re.IGNORECASE,
)
_SPELT_HINT = r"(?i)[@\x{ff20}\x{fe6b}]|&#64;|[(\[{<] *(at|arroba|a) *[)\]}>]|[_-]at[_-]| arroba |(?-i:[a-z]AT[a-z]+DOT[a-z])| at .*(\.| dot | punkt | punto |[(\[{]dot)"
_PAPERS = (
    r"(?i)\bpassport\b.{0,20}[A-Z]{0,2}[0-9]{2,}[A-Z]?[0-9]{2,}|\b(national id|id card|identity (card|number|no)|id (no|number)|nric|cnic|aadhaar|"
    r"social security|ssn|tax(payer)? id|personal (number|code)|dni|nie|curp|pesel|rut|c[eé]dula|cpf|bsn|ktp|nik|iban|driving licen[cs]e|"
    r"driver.s licen[cs]e|(credit|debit|bank) (card|account)( no\.?| number)?)\b.{0,15}[0-9]{4,}|"
    r"\b(date of birth|d\.o\.b\.?|dob|birth ?date|birthday|born|n[ée]+e? le|geb\.|geboren|nacid[oa]|nascid[oa]|nat[oa] il|рожд[а-я]*)"
    r"( on| in| am| le| el| em)?[ :]{1,3}[0-9]|生年月日|出生(日期|年月|于)|\((b\.|born|geb\.|\*) ?[0-9]{4}\)|"
    r"\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b|\b[STFG][0-9]{7}[A-Z]\b|\b[A-Z]{2}[0-9]{2} ?[0-9]{4} ?[0-9]{4} ?[0-9]{4} ?[0-9]{2,}|"
    r"\b(home|private|residential) address|\b(lives|living|resides|residing|resident) (at|in) [0-9]|\bhome phone|privatanschrift|\bwohnhaft\b|"
    r"domicilio particular|adresse (privée|personnelle)|\b[0-9]{1,4},? [A-Z][a-z]+ (street|road|avenue|lane)\b.{0,20}\b(apt|apartment|flat)\b"
)
_HANDLE = (
    r"(?i)(^|[\s(:,;])@[A-Za-z_][A-Za-z0-9_.]{2,}|\b(t\.me|wa\.me|m\.me)/|\b(wechat|weixin|whats ?app|telegram|skype|viber|signal|"
    r"twitter|instagram|facebook|linkedin|line id|x handle|handle)( id| handle| account)?\b ?[:=] ?\S{3,}|linkedin\.com/in/|"
    r"\b(twitter|x|instagram|facebook|tiktok|threads|vk|weibo)\.(com|net)/[A-Za-z0-9_.@]{3,}|(微信|ライン|카카오톡)[号 ]*[:：]"
)
_DIALLED = re.compile(
    r"(?:(?:\b(?:t[eé]l|telefono?|t[eé]l[eé]phone|phone|mobil|mobile|cell|celular|handy|fax|whatsapp|call|ring|contact|hotline|viber|signal|тел|телефон)\b|电话|電話|手机|携帯|전화|هاتف)[.:]?[^0-9+]{0,12}[+(]?"
    r"(?=(?:[^0-9]{0,3}[0-9]){7,15})(?![0-9]{4}[ ,/-](?:[0-9]{4}\b)))[0-9]"
    r"|(?<![\w.,+-])\+[ ]?[1-9](?:[ ./()\u2010-\u2015-]{0,3}[0-9]){7,14}(?![\w-])"
    r"|(?<![\w.,+-])00[1-9](?:[ ./()-]{0,3}[0-9]){8,13}(?![\w-])"
    r"|(?<![\w.,+/-])0[0-9]{1,4}(?:[ .-][0-9]{2,4}){2,5}(?![\w-])"
    r"|(?<![\w.,+/-])\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4}(?![\w-])",
    re.IGNORECASE,
)
_DAYS = re.compile(r"(?<![\w./+-])(?:0?[1-9]|[12][0-9]|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}(?![./-]?\w)")
"""Days as 05-11-2023, 5/11/2023 or 05.11.2023."""
_YEARS = re.compile(r"(?:19|20)[0-9]{2}(?:[ ,/-]+(?:(?:19|20)[0-9]{2}))+")


def holds_phone(text: str) -> bool:
    """Tell whether a text holds a telephone number, in whatever digits; addresses, days and years aside."""
    plain = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter for letter in text
    )
    plain = _YEARS.sub(" ", _ADDRESS.sub(" ", plain.replace("\uff0b", "+").replace("\u2011", "-")))
    plain = _DAYS.sub(" ", plain)
    return len(plain) >= 7 and bool(_PHONE.search(plain) or _DIALLED.search(plain))


def holds_spelt_email(text: str) -> bool:
    """Tell whether a text holds an e-mail address that is spelt out, spaced, or in letters of full width."""
    return not _EMAIL.search(text) and bool(_SPELT.search(_ADDRESS.sub(" ", text)))


rule(
    "privacy-email-spelt",
    at=in_words(
        _SPELT_HINT,
        "holds an e-mail address that is spelt out; expected no contact data",
        keep=holds_spelt_email,
        lists=True,
    ),
    summary="No cell holds an e-mail address that is spelt out, as in `name (at) example dot org`.",
    why="The register keeps no contact data of people, however they are written.",
    fix="Delete the address; give the organisation's website if it helps.",
    good=row("events", FORUM, summary="Delegates met at Geneva. Dot maps of chargers were shown at noon."),
    bad=row("events", FORUM, summary="Write to jane.roe (at) example dot org to take part."),
)
rule(
    "privacy-papers",
    at=in_words(_PAPERS, "holds a number of a passport or identity card, a date of birth or a home address"),
    summary="No cell holds numbers of identity papers, dates of birth or home addresses.",
    why="The register keeps of a person the name and the post, and nothing else.",
    fix="Delete it.",
    good=row("events", FORUM, summary="Passport-free travel and 12 000 identity cards for drivers were shown."),
    bad=row("participants", "lao-forum-2023-5", post="Director, passport no. N1234567"),
)
rule(
    "privacy-handle",
    "warning",
    at=in_words(_HANDLE, "holds an account of a person on a network; expected no contact data"),
    summary="No cell holds accounts on social networks or messengers.",
    why="An account is contact data, unless it is that of an organisation.",
    fix="Delete it.",
    good=row("events", FORUM, summary="Facebook groups of drivers were discussed at 9 a.m."),
    bad=row("participants", "lao-forum-2023-5", post="Director, WeChat: janeroe77"),
)
_NOT_A_NAME = (
    r"(?i)[0-9#@/;:<>|_=]| (and|und|et|with|и|та|&) |&|,|^[a-z]$|^n\. ?n\.?$|^(various|several|unknown|herr|frau|sr|sra|mme|mlle|monsieur|"
    r"madame|signor|signora|shri|smt|mr|mrs|ms|miss|dr|prof|professor|h\. ?e\.?|(?-i:H ?E)|his|her|sir|hon\.|honou?rable|eng\.|engr|engineer|"
    r"minister|ambassador|president|director|secretary|deputy|vice|chair(man|woman|person)?|head|ceo|mayor|governor|chief|senior|"
    r"the|delegat(e|es|ion)|representatives?|officials?|experts?|participants?|speakers?|staff|team|members?|anonymous|somebody|"
    r"someone|person|name|surname|first ?name|john doe|unnamed)([ .]|$)|"
    r"^(an?|the) (representative|official|delegate|minister|spokes.*|expert|participant|speaker|member)|(?-i: (AG|GmbH|SE|PLC|LLC|BV|NV|JSC))$|"
    r"\b(ministry|ministries|company|co\.|ltd|limited|inc|corp|corporation|gmbh|department|agency|university|institute|association|"
    r"commission|authority|bank|government|embassy|council|foundation|group|motors|committee|office|division|minister|director|"
    r"manager|secretary general|president)\b"
)
rule(
    "participant-name-of-person",
    at="participants.person_name",
    source="participants t LEFT JOIN derived.names n ON n.text = t.person_name",
    where=f"t.person_name <> '' AND (regexp_matches(t.person_name, {quoted(_NOT_A_NAME)}) "
    "OR n.key IN (SELECT m.key FROM organisations o JOIN derived.names m ON m.text = o.name))",
    message="is not the name of one person: it holds a number, a title, a post, an organisation or two people",
    summary="`person_name` holds the name of one person, without title and post.",
    why="A post or an organisation has its own column, and two people have two lines.",
    fix="Write the name alone; the post belongs into `post`, the organisation into `organisation_id`.",
    good=row("participants", "lao-forum-2023-5", person_name="María-José D'Ángelo Núñez"),
    bad=row("participants", "lao-forum-2023-5", person_name="Dr. Jane Roe"),
    supersedes=("cell-says-nothing",),
)
rule(
    "participant-post-is-name",
    at="participants.post",
    where="post <> '' AND lower(post) = lower(person_name)",
    message="is the name of the person; expected the post",
    summary="`post` holds the post of a person, not the name again.",
    why="The post is lost, and the person is listed under a post that is none.",
    fix="Write the post as the source gives it, or leave the cell empty.",
    good=row("participants", "lao-forum-2023-5", person_name="Jane Roe", post="Director"),
    bad=row("participants", "lao-forum-2023-5", person_name="Jane Roe", post="Jane Roe"),
)
rule(
    "privacy-phone",
    at=of_cells(
        is_prose,
        f"regexp_matches({{cell}}, {quoted(_DIGITS % 6)}) OR (regexp_matches({{cell}}, "
        f"{quoted(_DIGITS % 5)}) AND regexp_matches({{cell}}, {quoted(_SIX_DIALLED)}))",
        "holds a telephone number; expected no contact data",
        holds_phone,
    ),
    summary="No cell holds a telephone number.",
    why="The register keeps no contact data of people; names and posts are enough.",
    fix="Delete the number.",
    good=row("events", FORUM, summary="On 2023-07-07 some 10 000 000 vehicles, 2020-2030, at 150-200 km."),
    bad=row("events", FORUM, summary="To take part call +856 21 123 456."),
    supersedes=("privacy-handle",),
)
