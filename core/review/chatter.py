"""Talk around an answer: thanks, warming up, opinions on life. It says nothing about the question."""

from __future__ import annotations

import re

_CHATTER = re.compile(
    r"^(?:(?:so|well|ok|okay|now|and|but|also|anyway|alright|right|yeah|yes|hm+|first of all) ?,? )*"
    r"(?:thank|thanks|hello|hi\b|good (?:morning|question|teamwork|communication)|great question|that is an? (?:\w+ )?(?:interesting|good|great|tough|nice|typical|classic) (?:question|problem|one|topic)"
    r"|let me (?:think|start by saying|also mention|give you|walk you|share|say|tell you|explain a bit|introduce|take a (?:moment|step)|elaborate)|as (?:we|you) (?:all know|know|can see)|as i (?:said|mentioned) ?,? (?:the details|this|that|it depends|there)|as (?:an?|somebody|someone) \w+ (?:engineer|developer|person|professional|who)"
    r"|i hope|i am (?:also |very |really |quite |always )*(?:motivated|confident|happy|glad|sure that we|looking forward|excited|passionate|curious|a big fan|a person|a team player|someone|somebody)|i (?:have|had) (?:\w+ )?(?:worked (?:in|at|for|with|on) (?:many|quite|several|a lot|different|various|a few|some|big|small)|\w+ years)"
    r"|in my (?:career|life|current (?:job|role|position)|free time|spare time)|my (?:background|passion|philosophy|motto|approach to life|career)|in general (?:i|we) (?:believe|think|like|feel|find)|generally speaking ,? it|at the end of the day|in the end the result|it (?:always |really |all |of course )*depends|of course (?:there are many|one has|it depends|we (?:could|can) talk)"
    r"|to (?:sum|wrap) (?:it|this|that|things|up)|all in all|overall ,? i (?:think|believe|feel)|that is (?:more or less|basically|roughly|all|my answer|it)|there (?:is|are) (?:a saying|different opinions|many (?:opinions|ways|aspects|things)|rarely one)|when i was (?:a|an|young|at) (?:\w+ )?(?:student|child|kid|junior|university|school|intern)"
    r"|every (?:system|company|team|project|problem) (?:has|is)|technology (?:changes|evolves|moves)|coming back to|back to (?:the|your) question|i (?:usually|always|generally) (?:like|draw|believe|enjoy)|i (?:like|love|enjoy) to (?:keep things|work|think|read|learn|talk)"
    r"|i (?:strongly |really |also |firmly )?believe (?:that |in )|i (?:think|find|feel) (?:that )?(?:communication|teamwork|it is (?:always |very |really )?(?:important|essential|crucial|key)|quality|simplicity|good)|i would say (?:that )?this is|for me (?:it is|the most) (?:\w+ )?important|we should (?:make sure|ensure) (?:that )?(?:the|our|everything|this)?(?: \w+)? (?:is|are|works) (?:\w+ )?(?:scalable|reliable|robust|good|fine|fast|easy|maintainable)"
    r"|(?:performance|security|quality|simplicity|communication|reliability|scalability|monitoring, testing)\b.{0,40} (?:is|are) (?:\w+ )?(?:important|key|essential|crucial|things|often)|i remember a (?:similar|\w+) (?:project|case|situation)|the customer (?:always )?comes first|please (?:stop|let me know|ask|tell me|feel free)|does (?:that|this) make sense|if you (?:want|like) i can|i could talk)\b"
)
_WORTH = re.compile(r"\d|\b(?:because|so that)\b")


def chatter(text: str) -> bool:
    """Whether a sentence, in plain lower-case words, is only talk around the answer."""
    return bool(_CHATTER.match(text)) and not _WORTH.search(text)
