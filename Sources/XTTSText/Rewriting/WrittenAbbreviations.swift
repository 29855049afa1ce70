import SpeechCore

/// Short forms and what they stand for. A form that starts with `#` needs a number after it, one with `^` a capital,
/// one with `!` a Roman numeral.
enum WrittenAbbreviations {
  struct Entry: Sendable {
    var short: Scalars
    var long: String
    var needsNumber: Bool
    var needsCapital: Bool
    var needsRoman: Bool
  }

  /// The entry that stands at `position`, the longest first, and its end.
  static func entry(_ text: Scalars, at position: Int, language: Language) -> (entry: Entry, end: Int)? {
    guard let candidates = table[language]?[text[position]] else { return nil }
    for entry in candidates where text.matches(entry.short, at: position) {
      let end = position + entry.short.count
      if entry.short.last?.isWord == true, text.at(end)?.isWord == true { continue }
      if entry.short[0].isWord, text.at(position - 1)?.joinsDigits == true { continue }
      if entry.needsNumber, text.at(text.end(from: end) { $0 == " " })?.isASCIIDigit != true { continue }
      if entry.needsCapital, text.at(text.end(from: end) { $0 == " " })?.properties.isUppercase != true { continue }
      if entry.needsRoman {
        let start = text.end(from: end) { $0 == " " }
        guard RomanNumeral.value(text[start..<RomanNumeral.end(text, from: start)]) != nil else { continue }
      }
      return (entry, end)
    }
    return nil
  }

  /// `на ул. Мира`, `przy ul. Długiej`, `o godz. 15`: forms whose case follows from the preposition before them.
  static func place(_ text: Scalars, at position: Int, language: Language) -> (long: String, end: Int)? {
    guard let (prepositions, forms) = places[language], text.at(position - 1) == " ",
      let group = prepositions[text.word(before: position)]
    else { return nil }
    let end = text.wordEnd(from: position, limit: 6)
    guard text.at(end) == ".", let long = forms[String(text[position..<end])].map({ $0[min(group, $0.count - 1)] })
    else { return nil }
    return (long, end + 1)
  }

  /// The group of each preposition, and the forms of each word by group.
  private static let places: [Language: ([String: Int], [String: [String]])] = [
    .russian: (
      ["на": 0, "в": 0, "по": 0, "с": 1, "до": 1, "от": 1, "из": 1],
      [
        "ул": ["улице", "улицы"], "г": ["городе", "города"], "пл": ["площади", "площади"],
        "пр": ["проспекте", "проспекта"],
        "пер": ["переулке", "переулка"], "наб": ["набережной", "набережной"], "пос": ["посёлке", "посёлка"],
        "обл": ["области", "области"], "р-н": ["районе", "района"], "стр": ["странице", "страницы"],
        "с": ["странице", "страницы"],
      ]
    ),
    .polish: (
      ["na": 0, "przy": 0, "w": 2, "o": 0, "po": 0, "z": 1, "do": 1, "od": 1, "ze": 1],
      [
        "ul": ["ulicy", "ulicy"], "al": ["alei", "alei"], "pl": ["placu", "placu"],
        "godz": ["godzinie", "godziny", "godzinach"],
        "woj": ["województwie", "województwa", "województwie"], "str": ["stronie", "strony", "stronie"],
        "s": ["stronie", "strony", "stronie"],
      ]
    ),
    .czech: (
      ["v": 0, "na": 0, "o": 0, "z": 1, "do": 1, "od": 1],
      [
        "ul": ["ulici", "ulice"], "str": ["straně", "strany"], "kap": ["kapitole", "kapitoly"],
        "tř": ["třídě", "třídy"],
      ]
    ),
  ]

  private static let table: [Language: [Unicode.Scalar: [Entry]]] = source.mapValues { lines in
    let entries = lines.split(separator: "|").compactMap { line -> Entry? in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let needsNumber = parts[0].hasPrefix("#")
      let needsCapital = parts[0].hasPrefix("^")
      let needsRoman = parts[0].hasPrefix("!")
      let short = Scalars(needsNumber || needsCapital || needsRoman ? parts[0].dropFirst() : parts[0])
      return Entry(
        short: short, long: String(parts[1]), needsNumber: needsNumber, needsCapital: needsCapital,
        needsRoman: needsRoman)
    }
    // A sentence may start with the short form; one that is an ordinary word with a capital has no second entry.
    let capitals = entries.compactMap { entry -> Entry? in
      guard entry.short.count > 2 || entry.needsNumber && entry.short.count > 1, entry.short[0].properties.isLowercase,
        entry.short.last == "." || entry.needsNumber
      else { return nil }
      var capital = entry
      capital.short.replaceSubrange(0..<1, with: entry.short[0].properties.uppercaseMapping.unicodeScalars)
      return capital
    }
    return Dictionary(grouping: (entries + capitals).sorted { $0.short.count > $1.short.count }) { $0.short[0] }
  }

  private static let source: [Language: String] = [
    .english:
      "#Nº=number|#N°=number|!WW=World War|WWII=World War Two|WWI=World War One|C#=C sharp|F#=F sharp|§§=sections|§=section|#Jan=January|#Feb=February|#Apr=April|#Jun=June|#Jul=July|#Aug=August|#Sept=September|#Sep=September|#Oct=October|#Nov=November|#Dec=December|Sep.=September|#Rm.=room|Assn.=association|Bros.=brothers|Gov.=governor|Sen.=senator|Rep.=representative|Pres.=president|hr.=hour|hrs.=hours|yrs.=years|lb.=pounds|misc.=miscellaneous|tel.=telephone|Thurs.=Thursday|Tues.=Tuesday|#Art.=article|#Sec.=section|#Eq.=equation|#eq.=equation|#Tab.=table|#No.=number|#Nos.=numbers|#Fig.=figure|#fig.=figure|#pp.=pages|#p.=page|#vol.=volume"
      + "|#ch.=chapter|Prof.=professor|vs.=versus|etc.=et cetera|approx.=approximately|Jan.=January|Feb.=February"
      + "|Aug.=August|Sept.=September|Oct.=October|Nov.=November|Dec.=December"
      + "|#no.=number|#nos.=numbers|#sec.=section|#Ch.=chapter|#Vol.=volume|#ext.=extension|Dept.=department"
      + "|Ave.=avenue|Blvd.=boulevard|Inc.=incorporated|Corp.=corporation|Mt.=mount|est.=established"
      + "|min.=minimum|max.=maximum|incl.=including|excl.=excluding|dept.=department|govt.=government"
      + "|Mon.=Monday|Tue.=Tuesday|Wed.=Wednesday|Thu.=Thursday|Fri.=Friday|Sat.=Saturday|Sun.=Sunday"
      + "|Mar.=March|Apr.=April|Jun.=June|Jul.=July|¢= cents|tsp=teaspoons|tbsp=tablespoons|Sr.=senior"
      + "|apt.=apartment|#Apt.=apartment|w/o=without|c/o=care of|Tel.=telephone|ref.=reference",
    .japanese: "#No.=ナンバー|#No=ナンバー", .chinese: "#No.=第|#No=第", .korean: "#No.=넘버",
    .spanish:
      "!s.=siglo|!ss.=siglos|JJ. OO.=Juegos Olímpicos|JJ.OO.=Juegos Olímpicos|RR. HH.=recursos humanos|C/=calle|S.L.=sociedad limitada|#N.º=número|#Nº=número|#No.=número|§=párrafo|#pgs.=páginas|Atte.=atentamente|Exp.=expediente|Fdo.=firmado|ej.=ejemplo|hab.=habitantes|sig.=siguiente|ptas.=pesetas|edif.=edificio|ctra.=carretera|Ctra.=carretera|gral.=general|Gral.=general|d.C.=después de Cristo|a.C.=antes de Cristo|#t.=tomo|#tít.=título|vs.=contra|#nº=número|#n.º=número|#núm.=número|#pp.=páginas|#págs.=páginas|#pág.=página|#p.=página"
      + "|EE. UU.=Estados Unidos|EE.UU.=Estados Unidos|Ud.=usted|Uds.=ustedes|a. C.=antes de Cristo"
      + "|d. C.=después de Cristo|p. ej.=por ejemplo|etc.=etcétera|Dña.=doña|Prof.=profesor|tel.=teléfono"
      + "|#cap.=capítulo|#caps.=capítulos|#fig.=figura|#vol.=volumen|#art.=artículo|#arts.=artículos"
      + "|avda.=avenida|Av.=avenida|c/=calle|^D.=don|Dª=doña|D.ª=doña|aprox.=aproximadamente|máx.=máximo"
      + "|mín.=mínimo|pza.=plaza|Srta.=señorita|Sres.=señores|Vd.=usted|Lic.=licenciado|Ing.=ingeniero"
      + "|Profa.=profesora|Cía.=compañía|S.A.=sociedad anónima|núm.=número|izq.=izquierda|dcha.=derecha"
      + "|depto.=departamento|Dpto.=departamento",
    .french:
      "N° de=numéro de|n° de=numéro de|arr.=arrondissement|janv.=janvier|févr.=février|juil.=juillet|déc.=décembre|§=paragraphe|#al.=alinéa|#ch.=chapitre|svp=s'il vous plaît|S.A.=société anonyme|qqn=quelqu'un|#tél=téléphone|#Tél=téléphone|ex.=exemple|vs=contre|Ets=établissements|boul.=boulevard|#pt=point|TTC=toutes taxes comprises|Sté=société|Cie=compagnie|#n°=numéro|#nº=numéro|#N°=numéro|#pp.=pages|#p.=page|M. et Mme=monsieur et madame|^M.=monsieur|^MM.=messieurs|Mme=madame"
      + "|Mmes=mesdames|Mlle=mademoiselle|Dr=docteur|Pr=professeur|p. ex.=par exemple|c.-à-d.=c'est-à-dire"
      + "|av. J.-C.=avant Jésus Christ|apr. J.-C.=après Jésus Christ|etc.=et cætera|env.=environ"
      + "|#chap.=chapitre|#fig.=figure|#vol.=volume|#art.=article|#éd.=édition|#t.=tome|av.=avenue"
      + "|bd=boulevard|bd.=boulevard|Bd=boulevard|tél.=téléphone|max.=maximum|min.=minimum|Mgr=monseigneur"
      + "|Me=maître|St-=saint |Ste-=sainte |cf.=confer|p. ex=par exemple|incl.=inclus"
      + "|hab.=habitants|dép.=département|réf.=référence|7j/7=sept jours sur sept",
    .german:
      "MfG=mit freundlichen Grüßen|z. Hd.=zu Händen|z.Hd.=zu Händen|Co. KG=Co KG|Bestellnr.=Bestellnummer|Rechnungsnr.=Rechnungsnummer|Kundennr.=Kundennummer|Artikelnr.=Artikelnummer|Telefonnr.=Telefonnummer|Kontonr.=Kontonummer|Hausnr.=Hausnummer|Nrn.=Nummern|i. A.=im Auftrag|i.d.R.=in der Regel|s.o.=siehe oben|s.u.=siehe unten|v.a.=vor allem|v. a.=vor allem|o.g.=oben genannten|o. g.=oben genannten|zzgl=zuzüglich|p. a.=pro Jahr|p.a.=pro Jahr|n. Chr=nach Christus|Verf.=Verfasser|Hrsg.=Herausgeber|Aufl.=Auflage|einschl.=einschließlich|ggü.=gegenüber|u.v.m.=und vieles mehr|Dr.-Ing.=Doktor Ingenieur|#Ziff.=Ziffer|#Anm.=Anmerkung|#Anl.=Anlage|bspw.=beispielsweise|sog.=sogenannte|Jhs.=Jahrhunderts|Jhd.=Jahrhundert|entspr.=entsprechend|Fam.=Familie|#Nr.=Nummer|Mo.-Fr.=Montag bis Freitag|Mo.–Fr.=Montag bis Freitag|Mo-Fr=Montag bis Freitag|Mo–Fr=Montag bis Freitag"
      + "|#S.=Seite|§§=Paragrafen|§=Paragraf|z. B.=zum Beispiel|z.B.=zum Beispiel|d. h.=das heißt"
      + "|d.h.=das heißt|u. a.=unter anderem|u.a.=unter anderem|usw.=und so weiter|bzw.=beziehungsweise|ca.=circa"
      + "|v. Chr.=vor Christus|n. Chr.=nach Christus|Prof.=Professor|evtl.=eventuell|ggf.=gegebenenfalls"
      + "|inkl.=inklusive|zzgl.=zuzüglich|ct=Cent|Tel.=Telefon"
      + "|Abb.=Abbildung|#Kap.=Kapitel|#Bd.=Band|#Abs.=Absatz|#Art.=Artikel|#Tab.=Tabelle|Hr.=Herr|Hrn.=Herrn"
      + "|Fr.=Frau|Str.=Straße|str.=straße|-Str.=-Straße|max.=maximal|mind.=mindestens|min.=minimal"
      + "|Std.=Stunden|Min.=Minuten|Sek.=Sekunden|Pers.=Personen|exkl.=exklusive|etc.=et cetera"
      + "|vgl.=vergleiche|s. o.=siehe oben|s. u.=siehe unten|o. Ä.=oder Ähnliches|i. d. R.=in der Regel"
      + "|d. J.=dieses Jahres|gem.=gemäß|bzgl.=bezüglich|zzt.=zurzeit|Mo.=Montag|Di.=Dienstag|Mi.=Mittwoch"
      + "|Do.=Donnerstag|Sa.=Samstag|So.=Sonntag|Dipl.-Ing.=Diplom Ingenieur|Ing.=Ingenieur|St.=Sankt"
      + "|Mio.=Millionen|Mrd.=Milliarden|Jan.=Januar|Feb.=Februar|Apr.=April|Aug.=August|Sept.=September"
      + "|Okt.=Oktober|Nov.=November|Dez.=Dezember|lt.=laut|Jh.=Jahrhundert|geb.=geboren|gest.=gestorben"
      + "|Stk.=Stück|z.Zt.=zurzeit|Tsd.=Tausend|EL=Esslöffel|TL=Teelöffel|MwSt.=Mehrwertsteuer|Fa.=Firma"
      + "|Pl.=Platz|Hbf=Hauptbahnhof|u. U.=unter Umständen|z. T.=zum Teil|z.T.=zum Teil|u. Ä.=und Ähnliches"
      + "|i. V.=in Vertretung",
    .italian:
      "!sec.=secolo|!secc.=secoli|!s.=secolo|#N.=numero|#nn.=numeri|S.r.l.=società a responsabilità limitata|s.r.l.=società a responsabilità limitata|V.le=viale|P.zza=piazza|C.so=corso|c.so=corso|Egr.=egregio|P.IVA=partita IVA|P. IVA=partita IVA|#h=ore|§=paragrafo|ecc=eccetera|Spett.le=spettabile|Gent.mo=gentilissimo|Gent.ma=gentilissima|Prof.ssa=professoressa|Dott.ssa=dottoressa|Ing.=ingegner|Avv.=avvocato|#tav.=tavola|#all.=allegato|#lett.=lettera|c.a.=corrente anno|c.m.=corrente mese|u.s.=ultimo scorso|C.F.=codice fiscale|#cod.=codice|N.B.=nota bene|#n°=numero|#n.=numero|#nº=numero|#pp.=pagine|#pag.=pagina|#p.=pagina|dott.ssa=dottoressa"
      + "|dott.=dottor|sig.ra=signora|sig.=signor|Sig.=signor|Dott.=dottor|prof.=professor|a.C.=avanti Cristo"
      + "|d.C.=dopo Cristo|ecc.=eccetera|es.=esempio"
      + "|#cap.=capitolo|#fig.=figura|#vol.=volume|#art.=articolo|#int.=interno|^sec.=secolo|ing.=ingegner"
      + "|avv.=avvocato|tel.=telefono|p.zza=piazza|v.le=viale|max.=massimo|min.=minimo|ca.=circa"
      + "|p. es.=per esempio|ad es.=ad esempio|dott.sse=dottoresse|prof.ssa=professoressa|on.=onorevole"
      + "|geom.=geometra|rag.=ragioniere|sigg.=signori|S.p.A.=società per azioni|spett.=spettabile"
      + "|gent.=gentile|nr.=numero|pagg.=pagine|cfr.=confronta",
    .portuguese:
      "!séc.=século|!sécs.=séculos|!s.=século|#Nº=número|§=parágrafo|Sto.=santo|Sta.=santa|Exma.=excelentíssima|Dir.=diretor|Pça.=praça|Tv.=travessa|Rod.=rodovia|#Cap.=capítulo|#inc.=inciso|#ed.=edição|hab.=habitantes|vs.=contra|#ap.=apartamento|#bl.=bloco|nasc.=nascido|Ilmo.=ilustríssimo|Sres.=senhores|Srs.=senhores|Sras.=senhoras|V.Exa.=vossa excelência|c/=com|p/=para|#nº=número|#n.º=número|#pp.=páginas|#págs.=páginas|#pág.=página|#p.=página|séc.=século"
      + "|a.C.=antes de Cristo|d.C.=depois de Cristo|etc.=etcétera|p. ex.=por exemplo|tel.=telefone"
      + "|#cap.=capítulo|#fig.=figura|#vol.=volume|#art.=artigo|#apto.=apartamento|Av.=avenida|Prof.=professor"
      + "|Profa.=professora|Prof.ª=professora|^D.=dom|aprox.=aproximadamente|máx.=máximo|mín.=mínimo"
      + "|Exmo.=excelentíssimo|Ltda.=limitada|Cia.=companhia|Eng.=engenheiro|Dr.ª=doutora"
      + "|obs.=observação|ex.=exemplo|V. Exa.=vossa excelência|S.A.=sociedade anónima|#sécs.=séculos"
      + "",
    .polish:
      "^p.=pan|sp. z o.o.=spółka z ograniczoną odpowiedzialnością|S.A.=spółka akcyjna|§=paragraf|§§=paragrafy|hr.=hrabia|ks.=ksiądz|gen.=generał|płk=pułkownik|im.=imienia|m.st.=miasta stołecznego|pn.=poniedziałek|wt.=wtorek|śr.=środa|czw.=czwartek|sob.=sobota|niedz.=niedziela|kl.=klasa|#poz.=pozycja|#m.=mieszkanie|#lok.=lokal|pok.=pokój|red.=redaktor|tzw.=tak zwany|jw.=jak wyżej|b.z.=bez zmian|mld=miliardów|mln=milionów|proc.=procent|bm.=bieżącego miesiąca|dn.=dnia|godz=godzin|wyd.=wydanie|#nr=numer|#Nr=numer|np.=na przykład|itd.=i tak dalej|itp.=i tym podobne|m.in.=między innymi"
      + "|tzn.=to znaczy|tj.=to jest|p.n.e.=przed naszą erą|n.e.=naszej ery|prof.=profesor|r.=roku|w.=wiek|ul.=ulica|tys.=tysięcy"
      + "|#s.=strona|ok.=około"
      + "|#str.=strona|#rozdz.=rozdział|#rys.=rysunek|#t.=tom|#os.=osiedle|#pkt=punkt|#art.=artykuł"
      + "|#ust.=ustęp|#tab.=tabela|al.=aleja|pl.=plac|tel.=telefon|dr=doktor|mgr=magister|inż.=inżynier"
      + "|#godz.=godzina|godz.=godzin|min.=minut|sek.=sekund|mies.=miesięcy|zob.=zobacz|por.=porównaj|ds.=do spraw"
      + "|św.=święty|woj.=województwo|pow.=powiat|max.=maksymalnie|maks.=maksymalnie|ww.=wyżej wymieniony"
      + "|wg=według|gr=groszy|szt.=sztuk|hab.=habilitowany|m. in.=między innymi"
      + "|p. n. e.=przed naszą erą|n. e.=naszej ery|b.r.=bieżącego roku|br.=bieżącego roku|ub.=ubiegłego",
    .turkish:
      "#sf.=sayfa|#md.=madde|§=paragraf|yy=yüzyıl|Sn.=sayın|İst.=İstanbul|Mad.=madde|mad.=madde|vd.=ve diğerleri|tlf.=telefon|Tel.=telefon|Dz.=deniz|Ort.=ortalama|ort.=ortalama|Müh.=mühendis|Dok.=doktor|Fak.=fakültesi|Üniv.=üniversitesi|Cd.=caddesi|Sk.=sokak|Bşk.=başkanı|vb.=ve benzeri|vs.=vesaire|M.Ö.=milattan önce|M.S.=milattan sonra|Prof.=profesör|#No.=numara"
      + "|örn.=örneğin|#s.=sayfa"
      + "|bkz.=bakınız|#No:=numara|no.=numara|Cad.=caddesi|Sok.=sokak|Mah.=mahallesi|Av.=avukat|Ör.=örneğin"
      + "|yak.=yaklaşık|tel.=telefon|Doç.=doçent|Yrd.=yardımcı|T.C.=Türkiye Cumhuriyeti|A.Ş.=anonim şirketi"
      + "|Ltd.=limitet|Şti.=şirketi|Blv.=bulvarı|apt.=apartmanı|max.=en fazla|min.=en az|yy.=yüzyıl"
      + "|Alm.=Almanca|İng.=İngilizce|s.=sayfa|krş.=karşılaştırınız|kr.=kuruş",
    .russian:
      "§=параграф|^г.=город|руб./мес.=рублей в месяц|гос.=государственный|англ.=английский|нем.=немецкий|фр.=французский|лат.=латинский|букв.=буквально|прим.=примечание|#подп.=подпункт|#разд.=раздел|#абз.=абзац|#оп.=опус|#вып.=выпуск|изд.=издание|зам.=заместитель|зав.=заведующий|доц.=доцент|канд.=кандидат|инж.=инженер|г-жи=госпожи|г-ну=господину|ж.-д.=железнодорожный|т. д.=так далее|т.д.=так далее|т. п.=тому подобное|т.п.=тому подобное|тт.=тома|#д/ф=фильм|мес=месяцев|с.г.=сего года|р/с=расчётный счёт|м-р=мистер|о-в=остров|т.е.=то есть|т. е.=то есть|и т.д.=и так далее|и т. д.=и так далее|и т.п.=и тому подобное|т.к.=так как"
      + "|до н. э.=до нашей эры|до н.э.=до нашей эры|н. э.=нашей эры|ул.=улица|#д.=дом|#стр.=страница|тыс.=тысяч"
      + "|млн=миллионов|млрд=миллиардов|напр.=например|им.=имени|др.=другие"
      + "|#рис.=рисунок|#гл.=глава|#с.=страница|#табл.=таблица|#кв.=квартира|#корп.=корпус|#п.=пункт"
      + "|#ст.=статья|#оф.=офис|#эт.=этаж|#т.=том|см.=смотри|пр.=проспект|пер.=переулок|пл.=площадь"
      + "|просп.=проспект|наб.=набережная|проф.=профессор|акад.=академик|тел.=телефон|гг.=годов|вв.=веков"
      + "|коп.=копеек|мин.=минут|сек.=секунд|ч.=часов|шт.=штук|чел.=человек|ок.=около|т.н.=так называемый"
      + "|т. н.=так называемый|т. к.=так как|и др.=и другие|руб.=рублей|ред.=редактор|обл.=область|р-н=район"
      + "|св.=святой|г-на=господина|мес.=месяцев|макс.=максимум|мин=минут|пос.=посёлок|стр.=строение"
      + "|гр.=гражданин|млн=миллионов|д. э. н.=доктор экономических наук",
    .dutch:
      "!WO=wereldoorlog|B.V.=besloten vennootschap|N.V.=naamloze vennootschap|t.a.v.=ter attentie van|vr.=vrijdag|di.=dinsdag|wo.=woensdag|za.=zaterdag|§=paragraaf|a.s.=aanstaande|ds.=dominee|jhr.=jonkheer|mr.=meester|o.m.=onder meer|p.j.=per jaar|p.p.=per persoon|p.st.=per stuk|i.o.=in opdracht|#bijl.=bijlage|#par.=paragraaf|vnl.=voornamelijk|jan.=januari|febr.=februari|aug.=augustus|sept.=september|okt.=oktober|nov.=november|dec.=december|m.i.v.=met ingang van|m.n.=met name|o.b.v.=op basis van|t.g.v.=ten gevolge van|t.n.v.=ten name van|z.g.a.n.=zo goed als nieuw|km/u=kilometer per uur|Fam.=familie|fam.=familie|tel=telefoon|#nr.=nummer|#Nr.=nummer|#pp.=pagina|#blz.=bladzijde|#p.=pagina|bijv.=bijvoorbeeld|bv.=bijvoorbeeld"
      + "|d.w.z.=dat wil zeggen|enz.=enzovoort|v.Chr.=voor Christus|n.Chr.=na Christus|o.a.=onder andere"
      + "|ca.=circa|m.b.t.=met betrekking tot"
      + "|#hfdst.=hoofdstuk|#fig.=figuur|#afb.=afbeelding|#art.=artikel|#vol.=volume|#Nr.=nummer|mw.=mevrouw"
      + "|mevr.=mevrouw|drs.=doctorandus|prof.=professor|ir.=ingenieur|ing.=ingenieur|tel.=telefoon"
      + "|max.=maximaal|min.=minimaal|excl.=exclusief|incl.=inclusief|i.p.v.=in plaats van"
      + "|t.o.v.=ten opzichte van|t/m=tot en met|e.d.=en dergelijke|evt.=eventueel|i.v.m.=in verband met"
      + "|z.o.z.=zie ommezijde|m.a.w.=met andere woorden|o.l.v.=onder leiding van|a.u.b.=alstublieft"
      + "|resp.=respectievelijk|mln=miljoen|mld=miljard|st.=stuks|zgn.=zogenaamde|vgl.=vergelijk"
      + "|jl.=jongstleden|d.m.v.=door middel van|i.h.b.=in het bijzonder|m.u.v.=met uitzondering van"
      + "|n.a.v.=naar aanleiding van|ong.=ongeveer|gem.=gemiddeld|ma.=maandag|jr.=junior",
    .czech:
      "§§=paragrafy|§=paragraf|r.č.=rodné číslo|č.j.=číslo jednací|č. j.=číslo jednací|nar.=narozen|zn.=značka|gen.=generál|plk.=plukovník|hl. m.=hlavní město|kpt.=kapitán|út.=úterý|cit.=citováno|mj=mimo jiné|vyd.=vydání|red.=redaktor|vs.=versus|fa.=firma|v.r.=vlastní rukou|t.č.=toho času|t. č.=toho času|t.r.=tohoto roku|např=například|#tř.=třída|#sv.=svazek|#roč.=ročník|#písm.=písmeno|#příl.=příloha|#pozn.=poznámka|#č.=číslo|např.=například|atd.=a tak dále|apod.=a podobně|tj.=to jest|tzn.=to znamená"
      + "|př. n. l.=před naším letopočtem|n. l.=našeho letopočtu|tis.=tisíc|mil.=milionů|#str.=strana|prof.=profesor"
      + "|ul.=ulice"
      + "|#kap.=kapitola|#obr.=obrázek|#čl.=článek|#tab.=tabulka|#odst.=odstavec|#s.=strana|Ing.=inženýr"
      + "|Mgr.=magistr|Bc.=bakalář|JUDr.=doktor|MUDr.=doktor|PhDr.=doktor|RNDr.=doktor|nám.=náměstí|tř.=třída"
      + "|tel.=telefon|hod.=hodin|min.=minut|sek.=sekund|cca=circa|mj.=mimo jiné|aj.=a jiné|tzv.=takzvaný"
      + "|resp.=respektive|max.=maximálně|např=například|popř.=popřípadě|sv.=svatý|stol.=století|mld.=miliard"
      + "|ks=kusů|č.p.=číslo popisné|vč.=včetně|^pí.=paní|^pí=paní|doc.=docent|r.=roku|spol.=společnost"
      + "|s.r.o.=společnost s ručením omezeným|a.s.=akciová společnost|odd.=oddělení|zejm.=zejména",
    .hungarian:
      "§=paragrafus|#mp=másodperc|tel.=telefon|mp=másodperc|bek.=bekezdés|ún=úgynevezett|#bek.=bekezdés|ker.=kerület|megj.=megjegyzés|stb=és a többi|db=darab|ált.=általános|isk.=iskola|ft.=forint|eft.=ezer forint|vsz.=valószínűleg|pld.=például|Ft/fő=forint fejenként|áp.=április|v.ö.=vesd össze|hg.=herceg|#köt.=kötet|#fej.=fejezet|pl.=például|stb.=és a többi|kb.=körülbelül|ún.=úgynevezett|i. e.=időszámításunk előtt"
      + "|i. sz.=időszámításunk szerint|ill.=illetve|prof.=professzor"
      + "|ld.=lásd|#o.=oldal|u.=utca|ifj.=ifjabb|id.=idősebb|özv.=özvegy|Tel.=telefon|dr.=doktor|max.=maximum"
      + "|min.=minimum|vö.=vesd össze|Bp.=Budapest|krt.=körút|sz.=szám|évf.=évfolyam|mp.=másodperc"
      + "|kr. e.=Krisztus előtt|Kr. u.=Krisztus után|ford.=fordította|szerk.=szerkesztette"
      + "|bp.=Budapest|em.=emelet|hsz.=helyrajzi szám|fszt.=földszint|old.=oldal|jan.=január|febr.=február"
      + "|márc.=március|ápr.=április|jún.=június|júl.=július|aug.=augusztus|szept.=szeptember|okt.=október"
      + "|nov.=november|dec.=december",
    .arabic:
      "§=فقرة|ر.س=ريال سعودي|د.إ=درهم إماراتي|ج.م=جنيه مصري|د.ك=دينار كويتي|ت:=هاتف|ج.=جزء|#ط=طبعة|#ج=جزء|#م=مادة|د.=دكتور|ق.م=قبل الميلاد|أ.=أستاذ"
      + "|#ص=صفحة|أ.د.=الأستاذ الدكتور|م.=مهندس|#هـ=هجري|ص.ب=صندوق بريد|ت.=تلفون|إلخ.=إلى آخره|الخ=إلى آخره"
      + "|إلخ=إلى آخره",
    .hindi:
      "§=धारा|किमी/घंटा=किलोमीटर प्रति घंटा|कि.मी.=किलोमीटर|प्रा.=प्राइवेट|सु.=सुश्री|श्रीम.=श्रीमती|जि.=ज़िला|#क्र.=क्रमांक|#धा.=धारा|दि.=दिनांक|डॉ.=डॉक्टर|ई.पू.=ईसा पूर्व|श्री.=श्री|प्रो.=प्रोफ़ेसर|रु.=रुपये"
      + "|पृ.=पृष्ठ|नं.=नंबर|पं.=पंडित|#सं.=संख्या|कि.ग्रा.=किलोग्राम|इत्यादि.=इत्यादि|मि.=मिनट"
      + "|से.मी.=सेंटीमीटर|मो.=मोबाइल|एड.=एडवोकेट|कु.=कुमारी|स्व.=स्वर्गीय|उ.प्र.=उत्तर प्रदेश"
      + "|म.प्र.=मध्य प्रदेश|ई.=ईस्वी",
  ]
}
