"""The words by which labels, offices, unnamed voices and page furniture are told from speech.

These are lists of data, in lower case; every decision that weighs them against each other is made elsewhere.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split(","))


# Voices without a name. They speak, but are no persons; two in a row are two voices.
UNNAMED = _phrases("""
    question, q, q., remark, remarks, reply, answer, a, a., unknown, unknown speaker, unidentified, unidentified
    speaker, unidentified male, unidentified female, unidentified person, unknown male, unknown female, male
    speaker, female speaker, male voice, female voice, man, woman, male, female, speaker, speakers, voice,
    voices, a voice, voice from the audience, voice from the floor, from the audience, audience member, audience
    question, participant, participants, attendee, announcer, voice over, voiceover, all, everyone, everybody,
    multiple speakers, several speakers, several hon. members, hon. members, an hon. member, a member, some hon.
    members, several members, some honourable members, frage, zwischenruf, zuruf, unbekannt, sprecher,
    sprecherin, alle, question de la salle, intervenant, intervenante, inconnu, pregunta, respuesta,
    desconocido, domanda, sconosciuto, pergunta, pytanie, вопрос, ответ, реплика, из зала, голос из зала,
    неизвестный, питання, reporter, journalist, student, caller, онлайн-вопрос, 质问, 提问, 问, 答, 記者
""")

# Labels of sounds and breaks: never a voice.
NOT_SPEECH = _phrases("""
    jingle, music, theme music, intro music, song, break, ad break, advertisement, commercial, commercial break,
    sponsor, sponsors, intro, outro, applause, laughter, silence, pause, sound, sound effect, video, video clip,
    video plays, clip, soundbite, film, musik, werbung, applaus, beifall, pause musicale, musique, música,
    musica, аплодисменты, музыка
""")

# Collective voices that mostly make noise: a label for stage notes when nothing else stands under it.
COLLECTIVE = _words("audience crowd candidates panel group chorus publikum public público зал")

# Offices that can stand alone as a label.
OFFICES = _phrases("""
    chair, the chair, chairman, the chairman, chairwoman, the chairwoman, chairperson, the chairperson, acting
    chairman, acting chair, vice chairman, vice-chairman, president, the president, vice president, acting
    president, speaker, the speaker, mr speaker, mr. speaker, madam speaker, deputy speaker, the deputy speaker,
    mr. deputy speaker, madam deputy speaker, the speaker pro tempore, the acting president pro tempore, the
    president pro tempore, the vice president, the presiding officer, presiding officer, the clerk, clerk, the
    legislative clerk, the bill clerk, moderator, the moderator, host, hosts, co-host, guest, interviewer,
    interviewee, narrator, operator, the court, the witness, witness, judge, the judge, prosecutor, defendant,
    translator, interpreter, facilitator, secretary, the secretary, prime minister, minister, the minister, an
    ceann comhairle, an leas-cheann comhairle, an cathaoirleach, präsident, präsidentin, vorsitzender,
    vorsitzende, der vorsitzende, die vorsitzende, moderatorin, le président, la présidente, m. le président,
    mme la présidente, el presidente, la presidenta, presidente, ведущий, ведущая, председатель,
    председательствующий, президент, przewodniczący, marszałek
""")

# What stands before a colon in running text, on slides and in page furniture, however well it is capitalised.
NOT_A_LABEL = _phrases("""
    summary, conclusion, conclusions, note, notes, editor's note, ed. note, nb, n.b., ps, p.s., example, for
    example, e.g., i.e., source, sources, credit, credits, photo, photos, image, images, video, videos, caption,
    figure, table, see, see also, read more, read also, related, topic, topics, tags, tag, keywords, persons,
    people, geography, categories, category, date, dates, published, updated, posted, location, place, venue,
    time, duration, length, title, subtitle, subject, re, to, cc, bcc, from, url, link, links, direct link,
    http, https, ftp, mailto, email, e-mail, phone, tel, fax, address, contact, contacts, author, authors,
    transcript, transcript by, transcribed by, translated by, edited by, recording, present, attendees, in
    attendance, attendance, members present, presenter, presenters, agenda, next slide, slide, chapter, section,
    part, act, scene, step, episode, season, page, volume, issue, copyright, warning, update, breaking, breaking
    news, remember, first, second, third, finally, here, result, results, decision, resolution, consensus,
    action, actions, todo, font size, site colours, site colors, publication date, published in section,
    publication status, last updated, last updated at, official website, quelle, foto, datum, ort, anmerkung,
    beispiel, voir aussi, lieu, fuente, fecha, lugar, ejemplo, дата, место, источник, фото, примечание, пример
""")

# A label never begins with one of these; they open sentences.
SENTENCE_OPENERS = _words("""
    i we you he she it they this that these those there here what who why when where how which if but and or
    so because as at in on for from with without to of by after before once then thus hence however also
    my our your his her its their let please yes no not well now okay ok just only even still such according
    can could would will shall should may might must do does did is are was were am be been have has had
    ich wir sie er es das dies und aber wenn weil also nun ja nein nicht dass
    je nous vous il elle ils elles ce cet cette et mais si parce donc oui non
    yo nosotros ellos pero porque entonces sí
    я мы вы он она они это но и а если потому когда как что кто где почему так да нет поэтому
""")

# One of these inside a label makes it a sentence.
SENTENCE_WORDS = _words("""
    i is are was were am be been being has have had do does did will would shall should can could may might must
    said says say tell told tells asked asks ask think thought believe know means mean went goes go going get got
    that which who whom whose because although though while if than then there here it he she they them we you
    not no yes this these those into about up down out very more most some any each every again once
    ist sind war waren hat haben wird werden sagte dass nicht
    est sont était étaient dit que qui pas
    es son era eran dijo que no
    был была были есть сказал сказала что который которая это не
""")

# Small words that may stand inside names, titles and offices.
PARTICLES = _words("""
    of the a an and for to in on at de del della di da do dos das du des la le les el los las y e et und der die das
    des dem den von vom van zu zur zum bin ibn bint al el ul ter ten te af av och og i й и по при в на о
    pro tempore tem per
""")

# Particles that belong to the surname that follows them.
NAME_PARTICLES = _words(
    "de del della di da dos das du la le von van der den ter ten zu bin ibn bint al el ul af av st. san"
)

HONORIFICS = _words("""
    mr mr. mrs mrs. ms ms. miss mx dr dr. prof prof. professor sir dame lord lady hon hon. rev rev. fr. sr. sra.
    herr frau m. mme mlle monsieur madame señor señora don doña signor signora sig. pan pani г-н г-жа
    judge justice senator sen. rep. representative congressman congresswoman deputy councillor cllr gen. general
    col. colonel maj. major capt. captain lt. lieutenant sgt. gov. governor ambassador minister president
    mag. ing. dipl.-ing. abg.
""")

# Forms of address: the part of the above that is no office.
TITLES = _words("""
    mr mr. mrs mrs. ms ms. miss mx dr dr. prof prof. sir dame lady hon hon. rev rev. fr. sr. sra. herr frau m. mme mlle
    monsieur madame señor señora don doña signor signora sig. pan pani г-н г-жа mag. ing. dipl.-ing.
""")

# Words that end an office inside `office + name`.
OFFICE_WORDS = _words("""
    master harbourmaster
    president vice-president chairman chairwoman chairperson chair minister secretary secretary-general general
    director director-general head chief governor mayor ambassador commissioner spokesman spokeswoman spokesperson
    senator representative congressman congresswoman deputy member speaker premier chancellor king queen prince
    princess pope patriarch archbishop bishop emperor sultan emir sheikh coach player captain champion editor
    editor-in-chief host moderator professor doctor judge justice prosecutor attorney counsel commander marshal
    admiral colonel major officer manager founder co-founder ceo cto cfo partner employee worker teacher student
    journalist correspondent reporter presenter anchor author writer historian analyst adviser advisor envoy
    leader foreman driver engineer doctor surgeon nurse miner pensioner veteran volunteer mother father
    präsident präsidentin minister ministerin kanzler kanzlerin abgeordneter abgeordnete schriftführer
    schriftführerin vorsitzender vorsitzende bundeskanzler bundeskanzlerin
    président présidente ministre presidente ministro ministra
    президент премьер-министр министр губернатор председатель директор глава
""")

# Lines that begin what a page says about itself after (or between) the words of the transcript.
FURNITURE = _phrases("""
    see also, read also, read more, related, related articles, related news, related materials, related links,
    related content, more on this topic, more from, you may also like, recommended, share, share this, share
    this page, share this article, share on facebook, share on twitter, print, print page, print this page, send
    by email, email this page, direct link, text version, topics, tags, categories, geography, persons,
    publication status, publication date, published in section, comments, leave a comment, add a comment,
    newsletter, subscribe, sign up, follow us, follow us on, copyright, all rights reserved, privacy policy,
    cookie policy, terms of use, back to top, go to top, previous, next, previous article, next article,
    download, download pdf, advertisement, sponsored, last updated, last updated at, contact us, about us,
    sitemap, site map, siehe auch, mehr zum thema, teilen, drucken, nach oben, voir aussi, partager, imprimer, à
    lire aussi, ver también, compartir, imprimir, leggi anche, condividi, смотрите также, см. также, поделиться,
    распечатать, темы, география, лица, персоны, дата публикации, прямая ссылка, текстовая версия, опубликован в
    разделе, опубликован в разделах, статус материала
""")

# Headings of articles that name no place.
SECTIONS = _phrases("""
    introduction, intro, transcript, transcripts, full transcript, summary, overview, contents, interview, news, events,
    press release, press conference, speech, speeches, statement, remarks, questions, discussion, abstract, preface,
    einleitung, zusammenfassung, inhalt, mitschrift, протокол, стенограмма, введение, résumé, sommaire, transcription
""")
