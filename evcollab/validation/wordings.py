"""What placeholders, debris of programs, titles of error pages and empty locators look like (RE2)."""

from __future__ import annotations

_THING = (
    r"(author|publisher|source|organi[sz]ation|company|venue|place|location|city|person|official|name|title|event|page|text|data|"
    r"value|entry|record|policy|summary|description)"
)
_PLACEHOLDERS = (
    r"tb[acd]|t\.b\.[acd]\.?|to be (announced|confirmed|decided|determined|defined|added|done|filled|completed|specified)( .{0,12})?|"
    r"n\.? ?/? ?a\.?|not (available|applicable|known|specified|stated|given|found|disclosed|provided|mentioned|yet known|set)|unknown|"
    r"unspecified|undefined|undisclosed|null|nil|none|(?-i:nan|NaN|NAN)|missing|empty|blank|pending|placeholder|dummy|sample|example|"
    r"test(ing|[ _-]?[0-9]+)?|to-?do|fix-?me|x{2,}|y{3,}|z{3,}|xyz|asdf+|qwerty|foo|bar|foobar|admin|webmaster|"
    r"lorem ipsum.*|no data|no name|no title|untitled|unnamed|[-‐-―−]+|[.…]+|\?+|!+|_+|\*+|#+|[/\\]+|0+|"
    rf"(unknown|unnamed|unspecified|anonymous|test|dummy|sample|example|placeholder|new|my|your|some) {_THING}|"
    rf"{_THING} (name|title|text|unknown|here|tb[acd]|goes here)|(insert|enter|type|add|write|your) .{{0,20}}\b{_THING}( here)?|"
    r"fill (me )?in|.{0,20} goes here"
)
_ELSEWHERE = (
    # Spanish, French, German
    r"desconocid[oa]s?|por (definir|confirmar|determinar|anunciar)|sin (nombre|título|titulo|datos|información|especificar)|"
    r"no (disponible|aplica|especificad[oa]|se sabe|consta)|inconnue?s?|à (confirmer|définir|préciser|déterminer|compléter)|"
    r"non (précisée?|disponible|communiquée?|applicable|renseignée?|connue?)|sans (nom|titre)|"
    r"unbekannt|unbenannt|k\. ?a\.?|keine angaben?|nicht (bekannt|angegeben|verfügbar|zutreffend)|noch (offen|unbekannt|nicht bekannt)|"
    r"wird noch .{3,20}|ohne (titel|namen?)|platzhalter|"
    # Portuguese, Italian, Dutch, the North and the East
    r"desconhecid[oa]s?|a (definir|determinar|anunciar)|sem (nome|título|dados)|"
    r"não (disponível|informad[oa]|aplicável|se aplica|definid[oa]|especificad[oa])|sconosciut[oa]|"
    r"da (definire|confermare|determinare)|non (noto|specificato|definito)|senza (nome|titolo)|onbekend|"
    r"nog (te bepalen|onbekend|niet bekend)|nader te bepalen|n\.?v\.?t\.?|okänd|ukendt|ukjent|tuntematon|nieznan[yae]|brak danych|"
    r"do (ustalenia|potwierdzenia)|nie dotyczy|neznám[ýáé]|neuvedeno|ismeretlen|nincs adat|necunoscut|nespecificat|de stabilit|"
    # Turkish, Indonesian, Vietnamese
    r"bilinmiyor|belirlenecek|belirtilmemiş|belum (ditentukan|diketahui|ada)|tidak (diketahui|ada|tersedia)|"
    r"không (rõ|có|xác định|biết)|chưa (xác định|rõ|biết)|đang cập nhật|"
    # other scripts
    r"неизвестно|не (указан[оаы]?|известно|определен[оаы]?|задано)|нет( данных)?|уточняется|отсутствует|без (названия|имени)|"
    r"невідомо|не (вказано|відомо)|немає даних|未定|待定|未知|不详|不明|暂无|待补充|待确认|未命名|不适用|测试|匿名|なし|未記入|該当なし|無題|"
    r"テスト|미정|미상|없음|해당 ?없음|알 수 없음|무제|추후 .{2,6}|غير (معروف|محدد|متوفر|متاح)|لا يوجد|مجهول|نامشخص|نامعلوم|अज्ञात|"
    r"उपलब्ध नहीं|ไม่ทราบ|ไม่ระบุ|ไม่มี|অজানা|άγνωστο"
)
SAYS_NOTHING = (
    rf"(?i)^[\s\[(<{{*_'\x22]*({_PLACEHOLDERS}|{_ELSEWHERE})[\s\])>}}*_'\x22.:!]*$|"
    r"\((tbc|tba|tbd|copy)\)|^[\[<{]+ *(insert|enter|your|name|title|add|venue|date)\b.*[\]>}]+$"
)
"""Placeholders of English and of the languages that the sources are in; Python's `re` reads it as well."""
FILLS_UP = r"(?i)lorem ipsum|\b(tbd|fixme|x{4,}|(dummy|placeholder) text)\b"
"""Words that mark a place to be filled, anywhere in a text."""
POINTS_ELSEWHERE = (
    r"(?i)^\W*((see|same as) (above|below|before|previous|website|web ?page|page|link|source|url)|ditto|idem|ibid|ver arriba|"
    r"voir ci-dessus|siehe oben|同上)\W*$"
)
"""Words that send the reader to another cell."""
DEBRIS = (
    r"#(REF|N/A|DIV/0|VALUE|NAME|NUM|NULL|SPILL|CALC|BLOCKED)[!?]?|#{4,}|"
    r"(?i:</?(a|b|i|u|p|br|hr|div|span|em|strong|li|ul|ol|h[1-6]|img|script|style|table|tr|td|th|sup|sub|font|html|body|code|pre|small)"
    r"( [^<>]*)?/?>)|<!--|<!\[|&(amp|lt|gt|quot|apos|nbsp|ndash|mdash|rsquo|lsquo|rdquo|ldquo|hellip|eacute|"
    r"[a-z]{1,2}(acute|grave|uml|circ|tilde|cedil)|#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,6});|"
    r"%(20|2[0-9A-Fa-f]|3[A-Fa-f]|[C-Fc-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f])|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[nrt]\b|\\n|"
    r"\bu00[0-9a-f]{2}|_x[0-9A-Fa-f]{4}_|=[C-F][0-9A-F]=[89AB][0-9A-F]|\[\[|\]\]|\{\x22|\x22: ?[\x22\[{]|\]\(https?:|\*\*[^ *]|\x27{3}|"
    r"(?i)\[object |^undefined$|undefined undefined|(?-i:^(nan|NaN|NAN)$)|^none$|\{\{|\}\}|\$\{|%s\b|function ?\(|=\x22http"
)
ERROR_PAGE = (
    r"(?i)(\b(error|http) ?[45][0-9]{2}\b|\b[45]0[0-9] (not found|forbidden|bad gateway|error|unauthorized|service)|\bpage (was )?(not found|"
    r"unavailable|introuvable|non trouvée)|page (can ?not|can.t) be found|access (is )?denied *($|[|!.-])|just a moment *(\.|…|$)|"
    r"attention required|are you (a )?(robot|human)|verify (that )?you are|(human|bot) verification|captcha|enable (javascript|cookies)|"
    r"checking your browser|^security check|^forbidden$|^not found$|internal server error|bad gateway|service unavailable|gateway time-?out|"
    r"(site|page) (is )?under (maintenance|construction)|site is down|domain (is )?(for sale|expired|parking)|temporarily unavailable|"
    r"account (has been )?suspended|before you continue|something went wrong|^oops|^(sign|log) ?in( to\b|[ .]*[|-]|$)|^loading[ .…]*$|"
    r"^(home ?page|home|index|accueil|inicio|startseite|главная|首页|início)$|^untitled|[|] *cloudflare|^cloudflare$|ddos|"
    r"request (was )?blocked|too many requests|default web ?site page|it works!|^index of /|^microsoft (word|powerpoint|excel) - |"
    r"^(document|presentation|slide|new page|page)[ _-]?[0-9]*(\.(docx?|pdf|pptx?))?$|seite (wurde )?nicht gefunden|página no encontrada|"
    r"página não encontrada|pagina non trovata|pagina niet gevonden|страница не найдена|сторінку не знайдено|页面不存在|页面未找到|"
    r"找不到(页面|网页)|ページが見つかり|페이지를 찾을 수 없|halaman tidak ditemukan|sayfa bulunamadı|stránka nenalezena|nie znaleziono strony|"
    r"sidan (kunde inte|finns inte)|trang không tồn tại|الصفحة غير موجودة|zugriff verweigert|accès (refusé|interdit)|acceso denegado|"
    r"acesso negado|доступ (запрещ|ограничен))"
)
LOCATOR = (
    r"(?i)^(p|pp|page|pages|para|paragraph|art|article|section|sec|table|figure|fig|line|slide|item|chapter|annex)?[ .:]*-?0+(-p?0+)?$|"
    r"^(p|page|para|paragraph)?[ .]*-[0-9]+|(?i)^(see )?(above|below|ibid\.?|ebd\.?|ebenda|idem|passim|op\.? ?cit\.?|same|as above|there|"
    r"here|document|source|website|web ?page|link|url|online|internet|somewhere|various|everywhere|all|pages?|seite|página|pp?\.?|s\.|x+|"
    r"y+|z+)[?.]*$|(?i)^(see|siehe|s\.|voir|ver|vgl\.|см\.) *(above|below|ci-dessus|oben|unten|arriba|acima|выше|o\.)|://|(?i)\bwww\.|"
    r"(?i)^(pp?|pages?|paras?|art|table|section|slide|s|seite|abs|nr|no)?[ .]*\?+$|(?i)^pp?[ .]*[0-9]{5,}|同上|"
    r"(?i)\b(unknown|unbekannt|inconnue?|desconocid[oa]|somewhere|i think|maybe|probably|not sure|roughly)\b|"
    r"(?i)^(tb[acd]|n\.? ?/?a\.?|none|null|nan|test|todo|not (known|given|stated|available))$|^[^\pL0-9]*$|"
    r"^.{25,}[a-z]{2}\.( |$)|^(\S+ +){14,}\S+$"
)
_PAGES = "regexp_extract({cell}, '^pp?[ .]*([0-9]{1,9}) *[-–] *p?[ .]*([0-9]{1,9})$', "
BACKWARDS = f"try_cast({_PAGES}1) AS BIGINT) > try_cast({_PAGES}2) AS BIGINT)"
"""SQL: a range of pages that ends before it begins."""
