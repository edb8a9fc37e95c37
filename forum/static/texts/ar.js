// Made by `make texts` from the catalogue of the scripts.
globalThis.askwellTexts = {
 plural: (n) => Number((n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n % 100 >= 3 && n % 100 <= 10 ? 3 : n % 100 >= 11 && n % 100 <= 99 ? 4 : 5)),
 messages: {
 "%(has)s of %(num)s character": [
  "%(has)s من أصل %(num)s حرف",
  "%(has)s من أصل حرف واحد",
  "%(has)s من أصل حرفين",
  "%(has)s من أصل %(num)s أحرف",
  "%(has)s من أصل %(num)s حرفًا",
  "%(has)s من أصل %(num)s حرف"
 ],
 "%(name)s is added. Describe it for those who can't see it.": [
  "أُضيفت %(name)s. صِفها لمن لا يستطيع رؤيتها."
 ],
 "%(num)s character too many": [
  "لا أحرف زائدة",
  "حرف واحد زائد",
  "حرفان زائدان",
  "%(num)s أحرف زائدة",
  "%(num)s حرفًا زائدًا",
  "%(num)s حرف زائد"
 ],
 "%(num)s more is shown": [
  "لم يُعرض المزيد",
  "عُرض عنصر آخر",
  "عُرض عنصران آخران",
  "عُرضت %(num)s عناصر أخرى",
  "عُرض %(num)s عنصرًا آخر",
  "عُرض %(num)s عنصر آخر"
 ],
 "%(num)s question is similar": [
  "لا أسئلة مشابهة",
  "سؤال واحد مشابه",
  "سؤالان مشابهان",
  "%(num)s أسئلة مشابهة",
  "%(num)s سؤالًا مشابهًا",
  "%(num)s سؤال مشابه"
 ],
 "%(num)s still to choose.": [
  "لم يبق ما تختاره.",
  "بقي موضع واحد لتختار فيه.",
  "بقي موضعان لتختار فيهما.",
  "بقيت %(num)s مواضع لتختار فيها.",
  "بقي %(num)s موضعًا لتختار فيها.",
  "بقي %(num)s موضع لتختار فيها."
 ],
 "All is chosen; look it over and save it.": [
  "اكتمل الاختيار؛ راجعه ثم احفظ."
 ],
 "Another text was saved here at %(time)s, in another tab or on another device. Nothing is lost: choose which one to go on with.": [
  "حُفظ هنا نص آخر في %(time)s، من تبويب آخر أو من جهاز آخر. لم يضع شيء: اختر النص الذي تتابع به."
 ],
 "Column": [
  "عمود"
 ],
 "Draft saved %(time)s": [
  "حُفظت المسودة %(time)s"
 ],
 "It did not arrive. Check your connection and add it again.": [
  "لم تصل. تحقّق من اتصالك وأضفها مجددًا."
 ],
 "Keep the text in the form": [
  "أبقِ النص الذي في النموذج"
 ],
 "Link copied": [
  "نُسخ الرابط"
 ],
 "No solved question like it was found.": [
  "لم يُعثر على سؤال محلول مشابه."
 ],
 "Not saved, trying again.": [
  "لم يُحفظ، تُعاد المحاولة."
 ],
 "Not saved: choose one of the two texts above.": [
  "لم يُحفظ: اختر أحد النصين أعلاه."
 ],
 "Noted. Go on with your question.": [
  "سُجّل ذلك. تابع كتابة سؤالك."
 ],
 "Only with the tag": [
  "بهذا الوسم فقط"
 ],
 "People": [
  "الأشخاص"
 ],
 "Questions": [
  "الأسئلة"
 ],
 "Recent searches": [
  "عمليات البحث الأخيرة"
 ],
 "Sending %(name)s": [
  "يجري إرسال %(name)s"
 ],
 "Sending %(name)s (%(number)s)…": [
  "يجري إرسال %(name)s (%(number)s)…"
 ],
 "Show": [
  "عرض"
 ],
 "Show more": [
  "عرض المزيد"
 ],
 "Sign in to go on": [
  "سجّل الدخول للمتابعة"
 ],
 "Suggestions": [
  "اقتراحات"
 ],
 "Tags": [
  "الوسوم"
 ],
 "Take this text": [
  "خذ هذا النص"
 ],
 "Text": [
  "النص"
 ],
 "That did not work. Try again": [
  "لم ينجح ذلك. حاول مرة أخرى"
 ],
 "The site could not do this at the moment. Try again a little later.": [
  "تعذّر على الموقع فعل هذا الآن. حاول مجددًا بعد قليل."
 ],
 "The site could not take it at the moment. Try again later.": [
  "تعذّر على الموقع استقبالها الآن. حاول لاحقًا."
 ],
 "This browser kept another text of %(time)s, which the site does not have. Choose which one to go on with.": [
  "احتفظ هذا المتصفح بنص آخر من الساعة %(time)s ليس لدى الموقع. اختر النص الذي تتابع به."
 ],
 "This did not arrive. Check your connection and try again.": [
  "لم يصل هذا. تحقّق من اتصالك وحاول مجددًا."
 ],
 "Title": [
  "العنوان"
 ],
 "What you changed": [
  "ما غيّرته"
 ],
 "You are signed out.": [
  "سُجّل خروجك."
 ],
 "You have posted this already.": [
  "لقد نشرت هذا من قبل."
 ],
 "Your recent searches are forgotten.": [
  "مُسحت عمليات بحثك الأخيرة."
 ],
 "Your text is kept in this browser.": [
  "نصك محفوظ في هذا المتصفح."
 ],
 "Your text of %(time)s is back from this browser.": [
  "استُعيد من هذا المتصفح نصك من الساعة %(time)s."
 ],
 "describe this image": [
  "صف هذه الصورة"
 ],
 "solved": [
  "محلول"
 ]
},
};
